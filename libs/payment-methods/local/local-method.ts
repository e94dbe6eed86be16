import { derivedId, idFromUuid, type Ledger, type Outcome, paymentLegs } from '@kivuko/accounting'
import type { Admission, IncomingPayment, LocalAdmissions } from '@kivuko/incoming-payments'
import { assert, DomainError } from '@kivuko/platform'
import { minorUnitRatio, type Rates } from '@kivuko/rates'
import type { PathPrice } from '../path-price.js'
import { type PayError, PaymentMethod, type PayRequest, type PayResult, type PriceRequest } from '../payment-method.js'
import type { Receiver } from '../receiver.js'
import { isOvertaken, refusedLocally } from './refused-locally.js'

/** Pays an incoming payment of this node by one ledger chain: no packets, no slippage, all of it or nothing. */
export class LocalMethod extends PaymentMethod {
  constructor(
    private readonly ledger: Pick<Ledger, 'transfer'>,
    private readonly rates: Rates,
    private readonly admissions: Pick<LocalAdmissions, 'admit' | 'recordCredits'>,
  ) {
    super()
  }

  async price({ tenantId, sourceAsset, receiver }: PriceRequest): Promise<PathPrice> {
    const price = await this.rates.price(tenantId, sourceAsset.code, receiver.asset.code)
    const rate = minorUnitRatio(price, sourceAsset.scale, receiver.asset.scale)
    return { method: 'local', guaranteedRate: rate, lowRate: rate, highRate: rate }
  }

  async pay(request: PayRequest): Promise<PayResult> {
    const { incomingPaymentId, row } = localOf(request.receiver)
    const { deliverAmount, sourceAmount } = request
    // The chain stands as a whole or not at all: what has left has arrived, only its row may not show it yet.
    if (request.sentAmount > 0n) {
      await this.admissions.recordCredits(incomingPaymentId)
      return { deliveredAmount: deliverAmount }
    }
    const admission = await this.admit(incomingPaymentId, deliverAmount, row)
    if ('reason' in admission) return { deliveredAmount: 0n, error: admission }
    const outcome = await this.transfer(request, admission)
    if (outcome.kind === 'accepted') {
      await admission.credited()
      return { deliveredAmount: deliverAmount, sentAmount: sourceAmount }
    }
    if (isOvertaken(outcome)) admission.overtaken()
    else admission.released()
    return { deliveredAmount: 0n, error: refusedLocally(outcome, request) }
  }

  private async admit(id: string, amount: bigint, row: IncomingPayment | undefined): Promise<Admission | PayError> {
    try {
      return await this.admissions.admit(id, amount, row)
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      const { reason, message, kind } = error
      return { reason, message, isRetryable: kind === 'unavailable' }
    }
  }

  private transfer(request: PayRequest, destination: Admission): Promise<Outcome> {
    const { payment, attempt, sourceAmount, deliverAmount } = request
    const legs = paymentLegs({
      // The same attempt again is the same chain; one after a refusal is another, since a ledger may remember refused ids.
      id: derivedId('local-payment', payment.id, BigInt(attempt)),
      source: { accountId: payment.accountId, asset: payment.asset },
      destination: { accountId: destination.accountId, asset: destination.asset },
      sourceAmount,
      destinationAmount: deliverAmount,
      reference: idFromUuid(payment.id),
    })
    return this.ledger.transfer(legs)
  }
}

function localOf({ local }: Receiver): NonNullable<Receiver['local']> {
  assert(local !== undefined, 'a local payment is for an incoming payment of this node')
  return local
}
