import {
  AccountCode,
  assetAccounts,
  depositLegs,
  idFromUuid,
  type LedgerId,
  MemoryLedger,
  paymentLegs,
} from '@kivuko/accounting'
import type { OwnPacket } from '@kivuko/connector'
import type { Receiver } from '@kivuko/payment-methods'
import { createLogger, DomainError, ManualClock } from '@kivuko/platform'
import type { Quote } from '@kivuko/quotes'
import type { OutgoingPayment } from '../outgoing-payment.entity.js'
import { PaymentAccounts } from '../payment-accounts.js'
import { UnknownPackets } from '../unknown-packets.js'

const tenantId = '438fa74a-fa7d-4317-9ced-dde32ece1787'
const peerAccount = 77n
const epoch = new Date(0)
const asset = {
  id: '0b1f4e0a-1d5f-4c3b-9a6e-5a1f0c7b8d90',
  tenantId,
  code: 'USD',
  scale: 2,
  ledger: 1,
  withdrawalThreshold: null,
  liquidityThreshold: null,
  createdAt: epoch,
}
const id = '9fa1c2de-6b4b-4e0c-8b0f-3d7b6f6f0a11'
/** 10.00 USD to EUR at 2 (1.98 guaranteed), in packets of at most 1.00. */
export const quote: Quote = {
  id,
  tenantId,
  walletAddressId: tenantId,
  assetId: asset.id,
  receiver: 'https://bank.example/incoming-payments/1',
  debitAmount: 1_000n,
  debitAmountMinusFees: 1_000n,
  receiveAmount: 1_980n,
  receiveAssetCode: 'EUR',
  receiveAssetScale: 2,
  feeId: null,
  method: 'ilp',
  guaranteedRateNumerator: 198n,
  guaranteedRateDenominator: 100n,
  lowRateNumerator: 2n,
  lowRateDenominator: 1n,
  highRateNumerator: 21n,
  highRateDenominator: 10n,
  maxPacketAmount: 100n,
  client: null,
  expiresAt: epoch,
  createdAt: epoch,
}
/** Nothing of it is sent; its receiver had 5.00 before. */
export const payment: OutgoingPayment = {
  id,
  quote,
  tenantId,
  walletAddressId: tenantId,
  state: 'SENDING',
  errorReason: null,
  errorMessage: null,
  stateAttempts: 0,
  sentAmount: 0n,
  deliveredAmount: 0n,
  receiverAmountBefore: 500n,
  leftoverAmount: null,
  metadata: null,
  client: null,
  grantId: null,
  initiatedBy: 'ADMIN',
  dueAt: epoch,
  lease: null,
  createdEventId: id,
  endedEventId: null,
  createdAt: epoch,
  updatedAt: epoch,
}

const holdMs = 30_000

/** A payment with 10.00 in its account, a receiver that says what it has received, and packets whose answers are lost. */
export class LossyPath {
  readonly clock = new ManualClock(1_000_000)
  readonly ledger = new MemoryLedger(this.clock)
  readonly accounts = new PaymentAccounts(this.ledger, { find: () => asset })
  /** Undefined: the receiver cannot be read. */
  received: bigint | undefined = 500n
  /** What happens just after the receiver was read. */
  afterReading: () => Promise<unknown> = async () => undefined
  /** Packets that were listed, by their ids. */
  readonly listed: LedgerId[] = []
  /** Set: the list cannot be written. */
  listFails: Error | undefined
  readonly unknownPackets: UnknownPackets

  private constructor() {
    this.unknownPackets = new UnknownPackets({
      ledger: this.ledger,
      accounts: this.accounts,
      receivers: this.receivers,
      doubts: { noteDoubtful: (_tenantId, _paymentId, packets) => this.list(packets) },
      clock: this.clock,
      log: createLogger({ logLevel: 'silent', instanceName: 'test' }),
      maxHoldTimeMs: holdMs,
    })
  }

  static async open(): Promise<LossyPath> {
    const path = new LossyPath()
    await path.ledger.openAccounts([
      ...assetAccounts(asset),
      { id: idFromUuid(id), ledger: 1, code: AccountCode.outgoingPayment, limit: 'debits' },
      { id: peerAccount, ledger: 1, code: AccountCode.peer, limit: 'debits' },
    ])
    await path.ledger.transfer(depositLegs({ id: 1n, accountId: idFromUuid(id), asset, amount: 1_000n }))
    return path
  }

  get receivers() {
    return { get: (url: string) => this.readReceiver(url) }
  }

  /** A packet to the peer whose answer did not come: reserved, and neither posted nor voided. */
  async lose(packetId: LedgerId, amount: bigint): Promise<void> {
    const legs = paymentLegs({
      id: packetId,
      source: { accountId: idFromUuid(id), asset },
      destination: { accountId: peerAccount, asset },
      sourceAmount: amount,
      destinationAmount: amount,
    })
    const outcome = await this.ledger.reserve(legs, 0)
    if (outcome.kind !== 'accepted') throw new Error(`not reserved: ${JSON.stringify(outcome)}`)
  }

  /** One that was answered, or whose answer came late. */
  async deliver(packetId: LedgerId, amount: bigint): Promise<void> {
    await this.lose(packetId, amount)
    await this.ledger.post([packetId])
  }

  /** Until every packet so far can be fulfilled no more. */
  expire(): void {
    this.clock.advance(22_000)
  }

  async account(): Promise<{ readonly sent: bigint | undefined; readonly reserved: bigint | undefined }> {
    const balance = (await this.ledger.balances([idFromUuid(id)])).get(idFromUuid(id))
    return { sent: balance?.debitsPosted, reserved: balance?.debitsPending }
  }

  private async readReceiver(url: string): Promise<Receiver> {
    if (this.received === undefined) throw new DomainError('unavailable', 'ReceiverUnavailable', 'no answer')
    const { received: receivedAmount } = this
    await this.afterReading()
    const walletAddressUrl = 'https://bank.example/bob'
    const euro = { code: 'EUR', scale: 2 }
    return { incomingPaymentUrl: url, walletAddressUrl, asset: euro, receivedAmount, completed: false }
  }

  private async list(packets: readonly OwnPacket[]): Promise<void> {
    if (this.listFails !== undefined) throw this.listFails
    this.listed.push(...packets.map(({ id: packetId }) => packetId))
  }
}
