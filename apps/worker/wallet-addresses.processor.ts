import { WALLET_ADDRESSES_QUEUE, WalletAddressReceipts } from '@kivuko/incoming-payments'
import { LOGGER, type Logger, type Ring } from '@kivuko/platform'
import { Processor } from '@nestjs/bullmq'
import { Inject } from '@nestjs/common'
import type { Job } from 'bullmq'
import { RingProcessor } from './ring-processor.js'

@Processor(WALLET_ADDRESSES_QUEUE)
export class WalletAddressesProcessor extends RingProcessor {
  constructor(
    @Inject(WalletAddressReceipts) private readonly receipts: WalletAddressReceipts,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(logger)
  }

  process({ data: { id } }: Job<Ring>): Promise<void> {
    return this.answer({ walletAddressId: id }, async () => {
      await this.receipts.report(id)
    })
  }
}
