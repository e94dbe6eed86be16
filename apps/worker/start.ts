import {
  CreditsCatchUp,
  IncomingPaymentSettlement,
  IncomingPaymentsService,
  WalletAddressReceipts,
} from '@kivuko/incoming-payments'
import { OutgoingPaymentAdvancing } from '@kivuko/outgoing-payments'
import { LiquidityWatch } from '@kivuko/peering'
import { Clock, CONFIG, type Config, LOGGER, type Logger, QueueConnection } from '@kivuko/platform'
import { DifferenceClosing } from '@kivuko/reports'
import { type Door, provideFrom } from '@kivuko/rooms'
import { IdempotencyKeys } from '@kivuko/tenants'
import { WebhooksService } from '@kivuko/webhooks'
import type { INestApplicationContext } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { cleanUpNowAndThen } from './clean-up.js'
import { Sweep } from './sweep.js'
import { untilReady } from './until-ready.js'
import { processors, workerModule } from './worker.module.js'

const DAY_MS = 86_400_000

/** Answers the bell: one processor per queue, and behind them the sweep that rings for what was not rung, or was lost. */
export async function start(rooms: INestApplicationContext): Promise<Door> {
  const logger = rooms.get<Logger>(LOGGER)
  const outgoingPayments = rooms.get(OutgoingPaymentAdvancing)
  const services = provideFrom(rooms, [
    LOGGER,
    OutgoingPaymentAdvancing,
    IncomingPaymentSettlement,
    WalletAddressReceipts,
    WebhooksService,
  ])
  const queue = rooms.get(QueueConnection)
  const config = rooms.get<Config>(CONFIG)
  const module = workerModule(queue.forWorkers, config, services)
  const app = await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false })
  try {
    await untilReady(processors.map((processor) => app.get(processor).worker))
  } catch (error) {
    await queue.stopWaiting()
    await app.close()
    throw error
  }
  const incomingPayments = rooms.get(IncomingPaymentsService)
  const webhooks = rooms.get(WebhooksService)
  const sweep = new Sweep(logger, {
    'outgoing payments': () => outgoingPayments.sweep(),
    'incoming payments': () => incomingPayments.sweep(),
    'wallet addresses': () => rooms.get(WalletAddressReceipts).sweep(),
    liquidity: () => rooms.get(LiquidityWatch).sweep(),
    webhooks: () => webhooks.deliverDue(),
    'old rows': cleanUpNowAndThen(rooms.get(Clock), [
      () => webhooks.cleanUp(config.webhookRetentionDays * DAY_MS),
      () => rooms.get(IdempotencyKeys).cleanUp(),
    ]),
    'ended differences': cleanUpNowAndThen(rooms.get(Clock), [() => rooms.get(DifferenceClosing).closeEnded()]),
  })
  sweep.start()
  webhooks.startDelivering()
  rooms.get(CreditsCatchUp).start()
  return {
    name: 'worker',
    close: async () => {
      webhooks.stopDelivering()
      await sweep.stop()
      // Attempts stop after the packets that are under way; the queue's workers wait for them and take no more.
      outgoingPayments.interrupt()
      await queue.stopWaiting()
      await app.close()
    },
  }
}
