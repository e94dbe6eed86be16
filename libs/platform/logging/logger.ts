import { type Logger as PinoLogger, pino } from 'pino'
import type { Config } from '../config/load-config.js'
import { ShortLines } from './short-lines.js'

export type Logger = PinoLogger

/** Short lines for a person at a terminal, JSON for everything else; both on standard output. */
export function createLogger({ logLevel, instanceName }: Pick<Config, 'logLevel' | 'instanceName'>): Logger {
  const options = { level: logLevel, base: { node: instanceName }, redact: { paths: SECRET_PATHS, censor: '***' } }
  return process.stdout.isTTY ? pino(options, new ShortLines(process.stdout)) : pino(options)
}

// A second line of defence: no room logs these on purpose.
const SECRET_PATHS = [
  'authorization',
  '*.authorization',
  'headers.authorization',
  'req.headers.authorization',
  'authToken',
  '*.authToken',
  'sharedSecret',
  '*.sharedSecret',
]
