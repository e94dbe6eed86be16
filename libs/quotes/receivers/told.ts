import type { DomainError } from '@kivuko/platform'
import { invalidGrant, invalidReceiver } from '../errors.js'

/** How the refusal of another server is told; `status` is its answer's. */
export type Told = (url: string, why: string, options?: ErrorOptions, status?: number) => DomainError

/** For what is made or completed there. `gone`: it is not there. */
export function notDone(gone: Told): Told {
  return (url, why, options, status) => {
    if (status === 404) return gone(url, why, options)
    const isForbidden = status === 401 || status === 403
    return isForbidden ? invalidGrant(url, why, options) : invalidReceiver(url, why, options)
  }
}
