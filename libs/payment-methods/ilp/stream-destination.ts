import { Counter, type ResolvedPayment } from '@interledger/pay'
import { assert, DomainError } from '@kivuko/platform'
import { isValidIlpAddress } from 'ilp-packet'
import type { Receiver } from '../receiver.js'

/** The receiver in the words of @interledger/pay: one STREAM connection, from its first packet on. */
export function streamDestination({ ilp, asset, incomingPaymentUrl }: Receiver): ResolvedPayment {
  if (ilp === undefined || !isValidIlpAddress(ilp.ilpAddress)) {
    const found =
      ilp === undefined ? 'offers no ILP payment method' : `offers the invalid ILP address ${ilp.ilpAddress}`
    throw new DomainError(
      'invalid',
      'InvalidReceiver',
      `The receiver ${incomingPaymentUrl} ${found}; ask for another one`,
    )
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
