import { setTimeout as sleep } from 'node:timers/promises'
import { type Logger, messageOf } from '@kivuko/platform'
import type { IncomingPaymentSettlement } from './settlement.js'
import type { WalletAddressReceipts } from './wallet-address-receipts.js'

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 60_000

/**
 * Brings rows up to the ledger, once in the life of a process: one that ended before it, between a credit and its note,
 * left them behind. For every process that takes packets or pays.
 */
export class CreditsCatchUp {
  private running: Promise<void> | undefined
  private readonly stopping = new AbortController()

  constructor(
    private readonly settlement: Pick<IncomingPaymentSettlement, 'catchUp'>,
    private readonly receipts: Pick<WalletAddressReceipts, 'catchUp'>,
    private readonly log: Logger,
  ) {}

  /** Returns at once; may be called by several doors. */
  start(): void {
    this.running ??= this.untilDone(FIRST_WAIT_MS)
  }

  /** Called by Nest, before the database closes. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort()
    await this.running
  }

  private async untilDone(waitMs: number): Promise<void> {
    try {
      await this.settlement.catchUp()
      await this.receipts.catchUp()
    } catch (error) {
      if (this.stopping.signal.aborted) return
      this.log.warn(`Rows could not be brought up to the ledger, trying again in ${waitMs} ms: ${messageOf(error)}`)
      await this.paused(waitMs)
      if (!this.stopping.signal.aborted) await this.untilDone(Math.min(waitMs * 2, LONGEST_WAIT_MS))
    }
  }

  private async paused(waitMs: number): Promise<void> {
    const { signal } = this.stopping
    await sleep(waitMs, undefined, { signal, ref: false }).catch(() => undefined)
  }
}
