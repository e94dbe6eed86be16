import type { IlpMethod } from './ilp/ilp-method.js'
import type { LocalMethod } from './local/local-method.js'
import type { PaymentMethod } from './payment-method.js'
import type { Receiver } from './receiver.js'

/** Which way a receiver is paid: within the node when it is one of ours, over Interledger otherwise. */
export class PaymentMethods {
  constructor(
    private readonly local: LocalMethod,
    private readonly ilp: IlpMethod,
  ) {}

  for(receiver: Receiver): PaymentMethod {
    return receiver.local === undefined ? this.ilp : this.local
  }
}
