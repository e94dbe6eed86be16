import { closeConnection, isPaymentError, PaymentError } from '@interledger/pay'
import { idFromUuid } from '@kivuko/accounting'
import { type ConnectorService, makeIlpPlugin, type PaymentSource } from '@kivuko/connector'
import { type Config, DomainError, type Logger, messageOf } from '@kivuko/platform'
import { minorUnitRatio, priceNeverBetter, type Rates, type Ratio } from '@kivuko/rates'
import type { PathPrice } from '../path-price.js'
import { type PayError, PaymentMethod, type PayRequest, type PayResult, type PriceRequest } from '../payment-method.js'
import { isBelow, lessSlippage } from './least-rate.js'
import { payError } from './pay-errors.js'
import { probe } from './probe.js'
import { type Sent, send } from './send.js'
import { StoppablePlugin } from './stoppable-plugin.js'
import { streamDestination } from './stream-destination.js'

/** Pays over Interledger: STREAM packets through the in-process plugin, into the same pipeline as a peer's. */
export class IlpMethod extends PaymentMethod {
  constructor(
    private readonly connector: ConnectorService,
    private readonly rates: Rates,
    private readonly config: Pick<Config, 'slippage'>,
    private readonly log: Logger,
  ) {
    super()
  }

  async price(request: PriceRequest): Promise<PathPrice> {
    const { tenantId, walletAddressId, sourceAsset, receiver } = request
    const source: PaymentSource = {
      kind: 'payment',
      id: walletAddressId,
      tenantId,
      accountId: idFromUuid(walletAddressId),
      asset: sourceAsset,
      unfulfillable: true,
    }
    const [leastRate, found] = await Promise.all([this.leastRate(request), probe(this.plugin(source), receiver)])
    if (isBelow(found.highRate, leastRate)) throw tooLow(request, found.highRate, leastRate)
    // Measured in whole units, the low rate may lie below the least one by rounding alone: then it is what can be promised.
    const guaranteedRate = isBelow(found.lowRate, leastRate) ? found.lowRate : leastRate
    return { method: 'ilp', guaranteedRate, ...found }
  }

  async pay(request: PayRequest): Promise<PayResult> {
    const { payment, signal } = request
    const plugin = this.plugin({ kind: 'payment', ...payment, unfulfillable: false })
    const stop = (): void => plugin.stop()
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    try {
      const sent = await send(plugin, request)
      const error = errorOf(sent, plugin, signal)
      if (error === undefined) this.closeInBackground(plugin, request)
      return { deliveredAmount: sent.amountDelivered, fulfilledAmount: sent.amountSent, error }
    } catch (error) {
      if (!isPaymentError(error)) throw error
      return { deliveredAmount: 0n, fulfilledAmount: 0n, error: payError(error, plugin.lastReject) }
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }

  private plugin(source: PaymentSource): StoppablePlugin {
    return new StoppablePlugin(makeIlpPlugin(this.connector, source))
  }

  private async leastRate({ tenantId, sourceAsset, receiver }: PriceRequest): Promise<Ratio> {
    const price = await this.rates.price(tenantId, sourceAsset.code, receiver.asset.code)
    return lessSlippage(minorUnitRatio(price, sourceAsset.scale, receiver.asset.scale), this.config.slippage)
  }

  // A courtesy to receivers that keep connections: nothing depends on its answer.
  private closeInBackground(plugin: StoppablePlugin, { payment, receiver }: PayRequest): void {
    closeConnection(plugin, streamDestination(receiver)).catch((error: unknown) => {
      this.log.debug({ err: error, paymentId: payment.id }, 'the STREAM connection was not closed')
    })
  }
}

function errorOf(sent: Sent, plugin: StoppablePlugin, signal: AbortSignal): PayError | undefined {
  if (sent.error !== undefined && signal.aborted) {
    const message = `The attempt was stopped (${messageOf(signal.reason)})`
    return { reason: 'Interrupted', message, isRetryable: true, isInterrupted: true }
  }
  if (sent.error !== undefined) return payError(sent.error, plugin.lastReject)
  return sent.isExhausted
    ? { ...payError(PaymentError.InsufficientExchangeRate, plugin.lastReject), isRetryable: false }
    : undefined
}

function tooLow({ receiver }: PriceRequest, found: Ratio, least: Ratio): DomainError {
  const message =
    `The path to ${receiver.incomingPaymentUrl} gives at most ${showRatio(found)} per minor unit, the quote needs ` +
    `${showRatio(least)} (the market rate less the slippage); try later, or allow more slippage`
  return new DomainError('unavailable', 'InsufficientExchangeRate', message)
}

function showRatio(ratio: Ratio): string {
  return `${priceNeverBetter(ratio)}`
}
