import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { AdminClient, type AdminCredentials } from './admin-client.js'

const amountShape = z.object({ value: z.coerce.bigint(), assetCode: z.string(), assetScale: z.number() })
const idShape = z.object({ id: z.string() })
const successShape = z.object({ success: z.literal(true) })

const AMOUNT = '{ value assetCode assetScale }'
const OUTGOING = `{ id walletAddressId state error stateAttempts receiver sentAmount ${AMOUNT} debitAmount ${AMOUNT} receiveAmount ${AMOUNT} }`
const outgoingShape = z.object({
  id: z.string(),
  state: z.string(),
  error: z.string().nullable(),
  stateAttempts: z.number(),
  receiver: z.string(),
  sentAmount: amountShape,
  debitAmount: amountShape,
  receiveAmount: amountShape,
})
const INCOMING = `{ id url walletAddressId state receivedAmount ${AMOUNT} incomingAmount ${AMOUNT} }`
const incomingShape = z.object({
  id: z.string(),
  url: z.string(),
  state: z.string(),
  receivedAmount: amountShape,
  incomingAmount: amountShape.nullable(),
})
const RECEIVER = `{ id walletAddressUrl completed receivedAmount ${AMOUNT} incomingAmount ${AMOUNT} }`
const receiverShape = z.object({
  id: z.string(),
  walletAddressUrl: z.string(),
  completed: z.boolean(),
  receivedAmount: amountShape,
  incomingAmount: amountShape.nullable(),
})
const QUOTE = `{ id receiver debitAmount ${AMOUNT} receiveAmount ${AMOUNT} expiresAt }`
const quoteShape = z.object({
  id: z.string(),
  receiver: z.string(),
  debitAmount: amountShape,
  receiveAmount: amountShape,
})

const stepShape = z.object({ at: z.string(), step: z.string(), detail: z.string().nullable() })

export type TimelineStep = z.infer<typeof stepShape>
export type AmountInput = z.infer<typeof amountShape>
export type OutgoingPayment = z.infer<typeof outgoingShape>
export type IncomingPayment = z.infer<typeof incomingShape>
export type Receiver = z.infer<typeof receiverShape>
export type Quote = z.infer<typeof quoteShape>

export interface PeerInput {
  readonly assetId: string
  readonly staticIlpAddress: string
  readonly name: string
  readonly endpoint: string
  readonly outgoingToken: string
  readonly incomingToken: string
  readonly maxPacketAmount?: bigint
}

/** What a test asks of a node's operator, each call one GraphQL request at the admin door. */
export class Admin {
  readonly client: AdminClient

  constructor(credentials: AdminCredentials) {
    this.client = new AdminClient(credentials)
  }

  async createAsset(code: string, scale: number): Promise<string> {
    const shape = z.object({ createAsset: z.object({ asset: idShape }) })
    const answer = await this.mutate('createAsset', 'CreateAssetInput', '{ asset { id } }', { code, scale }, shape)
    return answer.createAsset.asset.id
  }

  async assetLiquidity(id: string): Promise<bigint> {
    const shape = z.object({ asset: z.object({ liquidity: z.coerce.bigint() }) })
    const answer = await this.client.request('query ($id: String!) { asset(id: $id) { liquidity } }', { id }, shape)
    return answer.asset.liquidity
  }

  async depositAssetLiquidity(assetId: string, amount: bigint): Promise<void> {
    const input = { assetId, amount, id: randomUUID(), idempotencyKey: randomUUID() }
    const shape = z.object({ depositAssetLiquidity: successShape })
    await this.mutate('depositAssetLiquidity', 'DepositAssetLiquidityInput', '{ success }', input, shape)
  }

  async setFee(assetId: string, fixed: bigint, basisPoints: number): Promise<void> {
    const input = { assetId, type: 'SENDING', fee: { fixed, basisPoints } }
    await this.mutate(
      'setFee',
      'SetFeeInput',
      '{ fee { id } }',
      input,
      z.object({ setFee: z.object({ fee: idShape }) }),
    )
  }

  async createPeer(peer: PeerInput): Promise<string> {
    const { endpoint, outgoingToken, incomingToken, ...rest } = peer
    const http = { outgoing: { endpoint, authToken: outgoingToken }, incoming: { authTokens: [incomingToken] } }
    const shape = z.object({ createPeer: z.object({ peer: idShape }) })
    const answer = await this.mutate('createPeer', 'CreatePeerInput', '{ peer { id } }', { ...rest, http }, shape)
    return answer.createPeer.peer.id
  }

  async peerLiquidity(id: string): Promise<bigint> {
    const shape = z.object({ peer: z.object({ liquidity: z.coerce.bigint() }) })
    const answer = await this.client.request('query ($id: String!) { peer(id: $id) { liquidity } }', { id }, shape)
    return answer.peer.liquidity
  }

  async depositPeerLiquidity(peerId: string, amount: bigint): Promise<void> {
    const input = { peerId, amount, id: randomUUID(), idempotencyKey: randomUUID() }
    const shape = z.object({ depositPeerLiquidity: successShape })
    await this.mutate('depositPeerLiquidity', 'DepositPeerLiquidityInput', '{ success }', input, shape)
  }

  async closeBookDifference(id: string, reason: string, amount: bigint): Promise<void> {
    const shape = z.object({ closeBookDifference: z.object({ bookDifference: idShape }) })
    const input = { id, reason, amount, idempotencyKey: randomUUID() }
    const fields = '{ bookDifference { id } }'
    await this.mutate('closeBookDifference', 'CloseBookDifferenceInput', fields, input, shape)
  }

  async createWalletAddress(address: string, assetId: string, publicName: string): Promise<string> {
    const shape = z.object({ createWalletAddress: z.object({ walletAddress: idShape }) })
    const input = { address, assetId, publicName }
    const answer = await this.mutate(
      'createWalletAddress',
      'CreateWalletAddressInput',
      '{ walletAddress { id } }',
      input,
      shape,
    )
    return answer.createWalletAddress.walletAddress.id
  }

  async createReceiver(walletAddressUrl: string, incomingAmount?: AmountInput): Promise<Receiver> {
    const shape = z.object({ createReceiver: z.object({ receiver: receiverShape }) })
    const input = { walletAddressUrl, ...(incomingAmount !== undefined && { incomingAmount }) }
    const answer = await this.mutate('createReceiver', 'CreateReceiverInput', `{ receiver ${RECEIVER} }`, input, shape)
    return answer.createReceiver.receiver
  }

  async createQuote(input: {
    walletAddressId: string
    receiver: string
    debitAmount?: AmountInput
    receiveAmount?: AmountInput
  }): Promise<Quote> {
    const shape = z.object({ createQuote: z.object({ quote: quoteShape }) })
    const answer = await this.mutate('createQuote', 'CreateQuoteInput', `{ quote ${QUOTE} }`, input, shape)
    return answer.createQuote.quote
  }

  async createOutgoingPayment(walletAddressId: string, quoteId: string): Promise<OutgoingPayment> {
    const shape = z.object({ createOutgoingPayment: z.object({ payment: outgoingShape }) })
    const input = { walletAddressId, quoteId }
    const answer = await this.mutate(
      'createOutgoingPayment',
      'CreateOutgoingPaymentInput',
      `{ payment ${OUTGOING} }`,
      input,
      shape,
    )
    return answer.createOutgoingPayment.payment
  }

  async withdrawEventLiquidity(eventId: string): Promise<void> {
    const input = { eventId, idempotencyKey: randomUUID() }
    const shape = z.object({ withdrawEventLiquidity: successShape })
    await this.mutate('withdrawEventLiquidity', 'WithdrawEventLiquidityInput', '{ success }', input, shape)
  }

  async fundOutgoingPayment(outgoingPaymentId: string): Promise<void> {
    const input = { outgoingPaymentId, idempotencyKey: randomUUID() }
    const shape = z.object({ depositOutgoingPaymentLiquidity: successShape })
    await this.mutate(
      'depositOutgoingPaymentLiquidity',
      'DepositOutgoingPaymentLiquidityInput',
      '{ success }',
      input,
      shape,
    )
  }

  async outgoingPayment(id: string): Promise<OutgoingPayment> {
    const shape = z.object({ outgoingPayment: outgoingShape })
    const answer = await this.client.request(
      `query ($id: String!) { outgoingPayment(id: $id) ${OUTGOING} }`,
      { id },
      shape,
    )
    return answer.outgoingPayment
  }

  async timeline(id: string): Promise<TimelineStep[]> {
    const shape = z.object({ paymentTimeline: z.array(stepShape) })
    const query = 'query ($id: String!) { paymentTimeline(id: $id) { at step detail } }'
    return (await this.client.request(query, { id }, shape)).paymentTimeline
  }

  async createIncomingPayment(walletAddressId: string, incomingAmount?: AmountInput): Promise<IncomingPayment> {
    const shape = z.object({ createIncomingPayment: z.object({ payment: incomingShape }) })
    const input = { walletAddressId, ...(incomingAmount !== undefined && { incomingAmount }) }
    const answer = await this.mutate(
      'createIncomingPayment',
      'CreateIncomingPaymentInput',
      `{ payment ${INCOMING} }`,
      input,
      shape,
    )
    return answer.createIncomingPayment.payment
  }

  async incomingPayment(id: string): Promise<IncomingPayment> {
    const shape = z.object({ incomingPayment: incomingShape })
    const answer = await this.client.request(
      `query ($id: String!) { incomingPayment(id: $id) ${INCOMING} }`,
      { id },
      shape,
    )
    return answer.incomingPayment
  }

  private mutate<T>(
    name: string,
    inputType: string,
    selection: string,
    input: Record<string, unknown>,
    shape: z.ZodType<T>,
  ): Promise<T> {
    return this.client.request(
      `mutation ($input: ${inputType}!) { ${name}(input: $input) ${selection} }`,
      { input },
      shape,
    )
  }
}
