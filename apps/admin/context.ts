import type { Caller } from './callers/caller.js'
import type { Loaders } from './loaders.js'

/** What every resolver of one request can rely on. Without a caller there is no context, only an error to tell. */
export interface Context {
  /** Throws where the request was not let in. */
  readonly caller: Caller
  readonly loaders: Loaders
  /** Names the mutation that is called with an idempotency key: its repetitions by the same key have the same name. */
  readonly call?: string
}
