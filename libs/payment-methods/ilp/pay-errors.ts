import { PaymentError } from '@interledger/pay'
import type { PayError } from '../payment-method.js'

/** What @interledger/pay gives up with: whether another attempt may do better, and what it means. */
const errors = {
  InvalidPaymentPointer: [false, 'the payment pointer of the receiver is invalid'],
  InvalidCredentials: [false, "the receiver's STREAM credentials are invalid"],
  InvalidSlippage: [false, 'the slippage is not between 0 and 1'],
  UnknownSourceAsset: [false, 'the source asset is not known'],
  UnknownPaymentTarget: [false, 'there is no amount to pay'],
  InvalidSourceAmount: [false, 'the amount to send is not a positive integer'],
  InvalidDestinationAmount: [false, 'the amount to deliver is not a positive integer'],
  UnenforceableDelivery: [false, 'no least exchange rate is set, so that delivery cannot be enforced'],
  InvalidQuote: [false, 'the quote has no amount to send, or no packet size'],
  InvalidDestination: [false, 'the ILP address of the receiver is invalid'],
  QueryFailed: [true, 'the receiver could not be read'],
  IncomingPaymentCompleted: [false, 'the incoming payment is completed'],
  IncomingPaymentExpired: [false, 'the incoming payment has expired'],
  ConnectorError: [true, 'a connector on the path, or the receiver, refused a packet for good'],
  EstablishmentFailed: [true, 'the receiver did not answer the first packets'],
  UnknownDestinationAsset: [false, "the receiver's asset is not known"],
  DestinationAssetConflict: [false, 'the receiver changed its asset'],
  ExternalRateUnavailable: [true, 'no exchange rate is known between the two assets'],
  RateProbeFailed: [true, 'within 10 seconds no path was found that takes packets of a useful size'],
  InsufficientExchangeRate: [true, 'the path gives a worse rate than the quote allows'],
  IdleTimeout: [true, 'no packet was fulfilled for 10 seconds'],
  ClosedByReceiver: [true, 'the receiver closed the connection'],
  IncompatibleReceiveMax: [false, 'the receiver takes less than the payment is to deliver'],
  ReceiverProtocolViolation: [false, 'the receiver fulfilled a packet and claimed less than it had to'],
  MaxSafeEncryptionLimit: [true, 'too many packets were sent over one connection'],
} as const satisfies Record<PaymentError, readonly [boolean, string]>

/** `lastReject` names the last refusal of a packet, which often is the reason behind the reason. */
export function payError(error: PaymentError, lastReject: string | undefined): PayError {
  const [isRetryable, meaning] = errors[error]
  const message = `Interledger payment ended: ${meaning}${lastReject === undefined ? '' : ` (last reject: ${lastReject})`}`
  return { reason: error, message, isRetryable }
}
