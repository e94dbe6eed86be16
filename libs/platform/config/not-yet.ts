import type { Problem } from './config-error.js'
import { showFound } from './config-error.js'

/** A setting that asks for an adapter this version does not have. Adding the adapter removes its line here. */
export interface NotYet {
  readonly env: string
  /** The one value refused. */
  readonly value: string
  readonly expected: string
}

export const notYet: readonly NotYet[] = [
  { env: 'USE_TIGERBEETLE', value: 'true', expected: 'to be unset, because LEDGER=tigerbeetle says so here' },
]

/** The refused settings found in an environment. */
export function refuseNotYet(env: Readonly<Record<string, string | undefined>>): Problem[] {
  return notYet
    .filter(({ env: name, value }) => env[name] === value)
    .map(({ env: name, expected }) => ({
      variable: name,
      found: showFound(env[name], false),
      expected,
    }))
}
