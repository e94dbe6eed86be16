import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { messageOf } from '../errors.js'
import { ConfigError } from './config-error.js'
import type { Env } from './read-settings.js'

const content = z.record(z.string(), z.string())

/** The secrets this node generated for itself, by the names of their variables, in a file only its user can read. */
export class SecretsFile {
  readonly path: string

  constructor(private readonly dataDir: string) {
    this.path = join(dataDir, 'secrets.json')
  }

  read(): Env {
    const text = this.readText()
    if (text === undefined) return {}
    try {
      return content.parse(JSON.parse(text))
    } catch {
      throw this.problem(
        'a file that is not JSON of names and texts',
        'the file as Kivuko wrote it (restore it from a backup)',
      )
    }
  }

  /** Adds secrets and answers what the file then holds: a node that wrote first wins. */
  add(stored: Env, generated: Env): Env {
    const first = Object.keys(stored).length === 0
    const draft = `${this.path}.${process.pid}`
    try {
      mkdirSync(this.dataDir, { recursive: true })
      writeDurably(draft, `${JSON.stringify({ ...stored, ...generated }, null, 2)}\n`)
      if (first) linkUnlessThere(draft, this.path)
      else renameSync(draft, this.path)
    } catch (error) {
      throw this.problem(`"${this.dataDir}" (${messageOf(error)})`, 'a folder this user can write to')
    } finally {
      rmSync(draft, { force: true })
    }
    return this.read()
  }

  private readText(): string | undefined {
    try {
      const text = readFileSync(this.path, 'utf8')
      chmodSync(this.path, 0o600)
      return text
    } catch (error) {
      if (isMissing(error)) return undefined
      throw this.problem(
        `"${this.path}", which cannot be read (${messageOf(error)})`,
        'a folder this user can read and write',
      )
    }
  }

  private problem(found: string, expected: string): ConfigError {
    return new ConfigError([{ variable: 'DATA_DIR', found, expected }])
  }
}

function writeDurably(path: string, text: string): void {
  const file = openSync(path, 'w', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function linkUnlessThere(draft: string, path: string): void {
  try {
    linkSync(draft, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}
