import { randomBytes, randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { StreamServer } from '@interledger/stream-receiver'
import {
  deserializeIlpPrepare,
  type IlpReply,
  isFulfill,
  isIlpReply,
  isReject,
  serializeIlpFulfill,
  serializeIlpReject,
} from 'ilp-packet'
import { type Listening, listen, readBody } from './listen.js'

export interface StreamBankOptions {
  readonly ilpAddress: string
  readonly asset: { readonly code: string; readonly scale: number }
  /** What peers show as bearer token. */
  readonly token: string
  /** Receivers of @interledger/stream-receiver up to alpha.3 answer a probe with F99, later ones with F05. */
  readonly probeAnswer: 'F05' | 'F99'
}

interface Account {
  readonly id: string
  readonly incomingAmount: string | undefined
  received: bigint
}

/** A bank that is no Kivuko: a wallet address, incoming payments and a STREAM receiver behind an ILP-over-HTTP endpoint. */
export class StreamBank {
  readonly codesAnswered: string[] = []
  /** Connections cut before a packet is looked at, or after it was, before its answer. */
  losing: 'nothing' | 'packets' | 'answers' = 'nothing'
  connectionsCut = 0
  /** What was answered: the same bytes are the same packet, and credited once. */
  private readonly answered = new Map<string, Buffer>()
  private readonly accounts = new Map<string, Account>()
  private readonly stream: StreamServer
  private openPayments: Listening | undefined
  private connector: Listening | undefined
  private isDown = true

  private constructor(private readonly options: StreamBankOptions) {
    this.stream = new StreamServer({ serverSecret: randomBytes(32), serverAddress: options.ilpAddress })
  }

  static async start(options: StreamBankOptions): Promise<StreamBank> {
    const bank = new StreamBank(options)
    bank.openPayments = await listen((request, response) => bank.answer(request, response))
    await bank.comeBack()
    return bank
  }

  get url(): string {
    return this.openPayments?.url ?? ''
  }

  /** Where peers send packets. */
  get endpoint(): string {
    return `${this.connector?.url}/ilp`
  }

  /** Nobody listens at the endpoint any more; the Open Payments side stays up. */
  async goDown(): Promise<void> {
    this.isDown = true
    await this.connector?.close()
  }

  /** Listens again, at the same endpoint. */
  async comeBack(): Promise<void> {
    if (!this.isDown) return
    this.isDown = false
    const port = this.connector === undefined ? 0 : Number(new URL(this.connector.url).port)
    const answer: RequestListener = (request, response) => {
      this.answerPacket(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
    }
    this.connector = await listen(answer, port)
  }

  get walletAddressUrl(): string {
    return `${this.url}/customer`
  }

  /** Opens an incoming payment and returns its URL. */
  openIncomingPayment(incomingAmount?: bigint): string {
    const account = { id: randomUUID(), incomingAmount: incomingAmount?.toString(), received: 0n }
    this.accounts.set(account.id, account)
    return `${this.url}/incoming-payments/${account.id}`
  }

  received(incomingPaymentUrl: string): bigint {
    return this.accounts.get(incomingPaymentUrl.split('/').at(-1) ?? '')?.received ?? 0n
  }

  async close(): Promise<void> {
    await Promise.all([this.openPayments?.close(), this.goDown()])
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const json = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    const account = this.accounts.get(request.url?.replace('/incoming-payments/', '') ?? '')
    if (request.url === '/customer') json(200, this.walletAddress())
    else if (account !== undefined) json(200, this.incomingPayment(account))
    else json(404, { error: { code: 'not_found', description: 'no such payment' } })
  }

  private async answerPacket(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.headers.authorization !== `Bearer ${this.options.token}`) return void response.writeHead(401).end()
    if (this.losing === 'packets') return this.cut(request)
    const prepare = await readBody(request)
    const known = this.answered.get(prepare.toString('base64'))
    const reply = known ?? this.replyTo(prepare)
    this.answered.set(prepare.toString('base64'), reply)
    if (this.losing === 'answers') return this.cut(request)
    const charged = { 'ilp-repeats': 'charged-once' }
    response.writeHead(200, { 'content-type': 'application/octet-stream', ...charged }).end(reply)
  }

  private cut({ socket }: IncomingMessage): void {
    this.connectionsCut += 1
    socket.destroy()
  }

  private replyTo(bytes: Buffer): Buffer {
    const prepare = deserializeIlpPrepare(bytes)
    const decision = this.stream.createReply(prepare)
    const reply = isIlpReply(decision) ? this.asConfigured(decision) : decision.accept()
    if (!isIlpReply(decision) && decision.paymentTag !== undefined) this.credit(decision.paymentTag, prepare.amount)
    this.codesAnswered.push(isReject(reply) ? reply.code : 'fulfill')
    return isFulfill(reply) ? serializeIlpFulfill(reply) : serializeIlpReject(reply)
  }

  /** The receiver library of today answers F05; the bytes of an older one differ in the code only. */
  private asConfigured(reply: IlpReply): IlpReply {
    const isProbeAnswer = isReject(reply) && reply.code === 'F05' && reply.data.length > 0
    return isProbeAnswer ? { ...reply, code: this.options.probeAnswer } : reply
  }

  private credit(paymentId: string, amount: string): void {
    const account = this.accounts.get(paymentId)
    if (account !== undefined) account.received += BigInt(amount)
  }

  private walletAddress(): Record<string, unknown> {
    const { code, scale } = this.options.asset
    return {
      id: this.walletAddressUrl,
      publicName: 'A customer of another bank',
      assetCode: code,
      assetScale: scale,
      authServer: this.url,
      resourceServer: this.url,
    }
  }

  private incomingPayment({ id, incomingAmount, received }: Account): Record<string, unknown> {
    const { code, scale } = this.options.asset
    const amount = (value: string) => ({ value, assetCode: code, assetScale: scale })
    const { ilpAddress, sharedSecret } = this.stream.generateCredentials({ paymentTag: id, asset: { code, scale } })
    return {
      id: `${this.url}/incoming-payments/${id}`,
      walletAddress: this.walletAddressUrl,
      completed: incomingAmount !== undefined && received >= BigInt(incomingAmount),
      ...(incomingAmount !== undefined && { incomingAmount: amount(incomingAmount) }),
      receivedAmount: amount(received.toString()),
      createdAt: '2026-01-01T00:00:00Z',
      expiresAt: '2099-01-01T00:00:00Z',
      methods: [{ type: 'ilp', ilpAddress, sharedSecret: sharedSecret.toString('base64url') }],
    }
  }
}
