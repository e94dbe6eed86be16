import { Counter, type ResolvedPayment } from '@interledger/pay'
import { assert, DomainError } from '@kivuko/platform'
import type { Receiver } from '../receiver.js'

/** The receiver in the words of @interledger/pay: one STREAM connection, from its first packet on. */
export function streamDestination({ ilp, asset, incomingPaymentUrl }: Receiver): ResolvedPayment {
  if (ilp === undefined) {
    const message = `The receiver ${incomingPaymentUrl} offers no ILP payment method; ask for a receiver that does`
    throw new DomainError('invalid', 'InvalidReceiver', message)
  }
  const requestCounter = Counter.from(0)
  assert(requestCounter !== undefined, '0 is a packet count')
  return {
    destinationAddress: ilp.ilpAddress,
    sharedSecret: ilp.sharedSecret,
    destinationAsset: { code: asset.code, scale: asset.scale },
    requestCounter,
  }
}
