import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { messageOf } from '../errors.js'
import { ConfigError } from './config-error.js'
import type { Env } from './read-settings.js'

/**
 * The process's variables over those of a file: ENV_FILE (Rafiki's name), else `.env` where there is one.
 * The only reader of process.env.
 */
export function readEnvironment(): Env {
  const named = process.env.ENV_FILE
  try {
    return { ...parseEnv(readFileSync(named || '.env', 'utf8')), ...process.env }
  } catch (error) {
    if (!named && error instanceof Error && 'code' in error && error.code === 'ENOENT') return { ...process.env }
    const found = `"${named || '.env'}" (${messageOf(error)})`
    throw new ConfigError([{ variable: 'ENV_FILE', found, expected: 'a readable file of NAME=value lines' }])
  }
}
