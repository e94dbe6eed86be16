import type { Problem } from './config-error.js'
import { showFound } from './config-error.js'

/** A setting that asks for an adapter this version does not have. Adding the adapter removes its line here. */
export interface NotYet {
  readonly env: string
  /** The one value refused; undefined refuses any. */
  readonly value: string | undefined
  readonly expected: string
}

const unset = (adapter: string, meanwhile: string) =>
  `to be unset, because the ${adapter} adapter is not part of this version; ${meanwhile}`

export const notYet: readonly NotYet[] = [
  { env: 'REDIS_URL', value: undefined, expected: unset('Redis', 'the queue runs on Postgres') },
  { env: 'USE_TIGERBEETLE', value: 'true', expected: 'to be unset, because LEDGER=tigerbeetle says so here' },
]

/** The refused settings found in an environment. */
export function refuseNotYet(env: Readonly<Record<string, string | undefined>>): Problem[] {
  return notYet
    .filter(({ env: name, value }) => env[name] && (value === undefined || env[name] === value))
    .map(({ env: name, expected }) => ({
      variable: name,
      found: showFound(env[name], false),
      expected,
    }))
}
