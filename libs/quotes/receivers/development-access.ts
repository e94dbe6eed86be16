import type { Dispatcher } from 'undici'
import { invalidReceiver, unknownReceiver, unknownRemoteWalletAddress } from '../errors.js'
import { requestJson } from './json-request.js'
import {
  type IncomingPaymentBody,
  incomingPaymentBody,
  type WalletAddressBody,
  walletAddressBody,
} from './open-payments-bodies.js'
import type { IncomingPaymentOrder, RemoteAccess } from './remote-access.js'
import { notDone } from './told.js'

/** Into nodes of a developer's own network, without TLS: the token they all have stands for grants and signatures. */
export class DevelopmentAccess implements RemoteAccess {
  constructor(
    private readonly token: string,
    private readonly dispatcher: Dispatcher,
  ) {}

  read(url: string): Promise<IncomingPaymentBody> {
    const { dispatcher, token } = this
    return requestJson({ url, method: 'GET', shape: incomingPaymentBody, dispatcher, token })
  }

  walletAddress(url: string): Promise<WalletAddressBody> {
    const told = notDone(unknownRemoteWalletAddress)
    return requestJson({ url, method: 'GET', shape: walletAddressBody, dispatcher: this.dispatcher, told })
  }

  complete(url: string): Promise<IncomingPaymentBody> {
    const { dispatcher, token } = this
    const request = { url: `${url}/complete`, method: 'POST', shape: incomingPaymentBody, dispatcher, token } as const
    return requestJson({ ...request, told: notDone(unknownReceiver) })
  }

  create(wallet: WalletAddressBody, order: IncomingPaymentOrder): Promise<IncomingPaymentBody> {
    const { dispatcher, token } = this
    const url = `${wallet.resourceServer.replace(/\/$/, '')}/incoming-payments`
    const body = { walletAddress: wallet.id, ...order }
    const told = notDone(invalidReceiver)
    return requestJson({ url, method: 'POST', shape: incomingPaymentBody, dispatcher, token, body, told })
  }
}
