import type { Caller } from './callers/caller.js'
import type { Loaders } from './loaders.js'

/** What every resolver of one request can rely on. */
export interface Context {
  readonly caller: Caller
  readonly loaders: Loaders
}
