import type { LedgerId } from '../ids.js'
import type { Leg } from '../transfer.js'

/** A chain on its way to the database. `timeoutSeconds` undefined: posted at once. `answer`: kept under the first id. */
export type Chain =
  | { readonly verb: 'write'; readonly legs: readonly Leg[]; readonly timeoutSeconds: number | undefined }
  | { readonly verb: 'post'; readonly ids: readonly LedgerId[]; readonly answer?: Buffer | undefined }
  | { readonly verb: 'void'; readonly ids: readonly LedgerId[] }

export function idsOf(chain: Chain): readonly LedgerId[] {
  return chain.verb === 'write' ? chain.legs.map(({ id }) => id) : chain.ids
}

export function lengthOf(chain: Chain): number {
  return chain.verb === 'write' ? chain.legs.length : chain.ids.length
}
