import type { LedgerId } from '@kivuko/accounting'
import type { Asset } from '@kivuko/assets'
import type { IlpErrorCode, Prepare, Reply } from '@kivuko/ilp'

/** An account of this node that an address leads to. */
export interface LocalDestination {
  readonly kind: 'incoming-payment' | 'wallet-address'
  readonly id: string
  readonly tenantId: string
  readonly accountId: LedgerId
  readonly asset: Asset
}

/** Why a receiver takes no (more) money, as the sender will read it. */
export interface Refusal {
  readonly code: IlpErrorCode
  readonly message: string
  /** For an F08: how large a packet may be. */
  readonly data?: Buffer
}

/**
 * Whoever takes the packets that end at this node. For each packet: `find`, `receive`, and, when that would fulfill an
 * amount above zero, `announce`; then exactly one of `credited` and `released`, and `answer` for what was credited.
 */
export abstract class LocalReceiver {
  /** Undefined: the address carries nothing of ours. */
  abstract find(destination: string): Promise<LocalDestination | undefined> | LocalDestination | undefined

  /** What the packet deserves by itself, in the destination's asset. Writes nothing and may be asked again. */
  abstract receive(prepare: Prepare, destination: LocalDestination): Promise<Reply>

  /**
   * Counts the amount as being on its way; refuses what the payment is too late for, or does not ask for. An amount in
   * return is all that it takes of it: less only where the sender is content with that. The rest stays with the operator.
   */
  abstract announce(destination: LocalDestination, amount: bigint): Promise<Refusal | bigint | undefined>

  /** The ledger has confirmed the amount that was taken. */
  abstract credited(destination: LocalDestination, amount: bigint): Promise<void>

  /** The amount that was taken will not come. */
  abstract released(destination: LocalDestination, amount: bigint): void

  /** After `released`: the ledger found no room for the amount, since other processes have credited theirs meanwhile. */
  overtaken(_destination: LocalDestination): void {}

  /** After `released`: the ledger did not say in time whether the amount was credited. What it has is to be read anew. */
  async uncertain(_destination: LocalDestination): Promise<void> {}

  /**
   * What the sender is told of `amount`, which the ledger has credited: now, or when the same bytes came before. `reply` is
   * what `receive` said of the packet.
   */
  answer(reply: Reply, _destination: LocalDestination, _amount: bigint, _isRepeated: boolean): Promise<Reply> | Reply {
    return reply
  }
}
