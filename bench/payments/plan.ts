import { parseArgs } from 'node:util'

/** Where the money goes: to a customer of the same node, or over ILP to one of the other. */
export const PATHS = ['local', 'ilp'] as const
export type Path = (typeof PATHS)[number]

export interface Plan {
  readonly users: readonly number[]
  readonly paths: readonly Path[]
  readonly seconds: number
  readonly warmUpSeconds: number
  /** Prints the statements that were made most, with their number per payment. */
  readonly showsStatements: boolean
  /** The queue on a Redis of its own instead of Postgres. */
  readonly usesRedis: boolean
  /** Earlier payments in the sender's tables. */
  readonly history: number
}

const WARM_UP_SECONDS = 3
export const SETTLING_SECONDS = 10
export const IDLE_SECONDS = 10

/** `--seconds 60 --users 1,8,32 --paths local,ilp --statements --redis --history 100000`, all of them optional. */
export function readPlan(args: readonly string[]): Plan {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '60' },
      users: { type: 'string', default: '1,8,32' },
      paths: { type: 'string', default: PATHS.join() },
      statements: { type: 'boolean', default: false },
      redis: { type: 'boolean', default: false },
      history: { type: 'string' },
    },
  })
  const wanted = values.paths.split(',')
  return {
    users: values.users.split(',').map((text) => count('--users', text)),
    paths: PATHS.filter((path) => wanted.includes(path)),
    seconds: count('--seconds', values.seconds),
    warmUpSeconds: WARM_UP_SECONDS,
    showsStatements: values.statements,
    usesRedis: values.redis,
    history: values.history === undefined ? 0 : count('--history', values.history),
  }
}

function count(name: string, text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`${name} takes whole numbers from 1 on, found "${text}"`)
  return Number.parseInt(text, 10)
}
