import type ts from 'typescript'
import { lineOf, parseSource, type Source } from './source.js'

export interface Violation {
  readonly file: string
  readonly line: number
  readonly rule: string
  readonly advice: string
}

/** Files by path, small enough to read: what a rule must catch, or must let pass. */
export interface Example {
  readonly why: string
  readonly files: Readonly<Record<string, string>>
}

/** A rule carries the violations it must catch, so that a rule which cannot fail fails. */
export interface Rule {
  readonly name: string
  readonly find: (sources: readonly Source[]) => Violation[]
  readonly caught: readonly Example[]
  readonly allowed: readonly Example[]
}

export type Report = (at: ts.Node | number, advice: string) => void

/** A rule that looks at one file at a time. */
export function perFile(
  name: string,
  applies: (source: Source) => boolean,
  look: (source: Source, report: Report) => void,
  examples: Pick<Rule, 'caught' | 'allowed'>,
): Rule {
  const find = (sources: readonly Source[]): Violation[] => {
    const violations: Violation[] = []
    for (const source of sources.filter(applies)) {
      look(source, (at, advice) => {
        const line = typeof at === 'number' ? at : lineOf(source, at)
        violations.push({ file: source.path, line, rule: name, advice })
      })
    }
    return violations
  }
  return { name, find, ...examples }
}

export function sourcesOf(example: Example): Source[] {
  return Object.entries(example.files).map(([path, text]) => parseSource(path, text))
}

export function example(why: string, path: string, text: string): Example {
  return { why, files: { [path]: text } }
}

export function describeViolation({ file, line, rule, advice }: Violation): string {
  return `${file}:${line}: ${rule}: ${advice}`
}
