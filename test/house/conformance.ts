import ts from 'typescript'
import { type Source, visit } from './source.js'

/** A test that a page of docs names: `path/to/file.spec.ts` › *its title*. */
const NAMED_TEST = /`([\w./-]+\.spec\.ts)`(?: › \*([^*]+)\*)?/g

/** What a page says is shown by a test, and no test is there for: a file that does not exist, or a title it does not have. */
export function missingTests(page: string, sources: readonly Source[]): string[] {
  const titles = new Map(sources.map((source) => [source.path, source]))
  const missing: string[] = []
  for (const [, path = '', title] of page.matchAll(NAMED_TEST)) {
    const source = titles.get(path)
    if (source === undefined) missing.push(`${path} does not exist`)
    else if (title !== undefined && !titlesIn(source).has(title)) missing.push(`${path} has no test "${title}"`)
  }
  return missing
}

/** The first argument of every `it(…)` and `it.each(…)(…)`, as it is written. */
function titlesIn(source: Source): ReadonlySet<string> {
  const titles = new Set<string>()
  visit(source.ast, (node) => {
    if (!ts.isCallExpression(node) || !/^it\b/.test(node.expression.getText(source.ast))) return
    const title = node.arguments[0]
    if (title === undefined) return
    if (ts.isStringLiteralLike(title)) titles.add(title.text)
    else if (ts.isTemplateExpression(title)) titles.add(title.getText(source.ast).slice(1, -1))
  })
  return titles
}

/** Rules of the page's tables that say nothing of a test, nor why there is none. */
export function rulesWithoutTest(page: string): string[] {
  const rows = page.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| ---'))
  return rows.filter((row) => {
    const [, rule = '', state = '', test = ''] = row.split('|').map((cell) => cell.trim())
    return rule !== 'rule' && state === 'yes' && !test.includes('.spec.ts')
  })
}
