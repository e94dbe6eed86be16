import type { LedgerId } from '@kivuko/accounting'
import type { Asset } from '@kivuko/assets'
import type { PeerAccount } from './peer-account.js'

/** A peer that sent us a packet, known by its token; `peerAccount` makes it. */
export type PeerSource = PeerAccount

/** One of our own payments (or, for a quote, the wallet address it would be paid from), sending through the plugin. */
export interface PaymentSource {
  readonly kind: 'payment'
  readonly id: string
  readonly tenantId: string
  readonly accountId: LedgerId
  readonly asset: Asset
  /** For quotes: the packets are probes that nobody can fulfill, and touch no ledger. */
  readonly unfulfillable: boolean
}

export type PacketSource = PeerSource | PaymentSource
