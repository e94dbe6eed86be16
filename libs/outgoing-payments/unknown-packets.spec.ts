import { AccountCode, assetAccounts, depositLegs, idFromUuid, MemoryLedger, paymentLegs } from '@kivuko/accounting'
import type { Receiver } from '@kivuko/payment-methods'
import { createLogger, DomainError, ManualClock } from '@kivuko/platform'
import type { Quote } from '@kivuko/quotes'
import { beforeEach, describe, expect, it } from 'vitest'
import type { OutgoingPayment } from './outgoing-payment.entity.js'
import { PaymentAccounts } from './payment-accounts.js'
import { UnknownPackets } from './unknown-packets.js'

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
const quote: Quote = {
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
const payment: OutgoingPayment = {
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

let clock: ManualClock
let ledger: MemoryLedger
let received: bigint | undefined
let unknownPackets: UnknownPackets
let waiting: AbortController

beforeEach(async () => {
  clock = new ManualClock(1_000_000)
  ledger = new MemoryLedger(clock)
  received = 500n
  waiting = new AbortController()
  const accounts = new PaymentAccounts(ledger, { find: () => asset })
  const log = createLogger({ logLevel: 'silent', instanceName: 'test' })
  unknownPackets = new UnknownPackets(ledger, accounts, { get: readReceiver }, clock, log, 30_000)
  await ledger.openAccounts([
    ...assetAccounts(asset),
    { id: idFromUuid(id), ledger: 1, code: AccountCode.outgoingPayment, limit: 'debits' },
    { id: peerAccount, ledger: 1, code: AccountCode.peer, limit: 'debits' },
  ])
  await ledger.transfer(depositLegs({ id: 1n, accountId: idFromUuid(id), asset, amount: 1_000n }))
})

async function readReceiver(url: string): Promise<Receiver> {
  if (received === undefined) throw new DomainError('unavailable', 'ReceiverUnavailable', 'no answer')
  const walletAddressUrl = 'https://bank.example/bob'
  const euro = { code: 'EUR', scale: 2 }
  return { incomingPaymentUrl: url, walletAddressUrl, asset: euro, receivedAmount: received, completed: false }
}

/** A packet to the peer whose answer did not come: reserved, and neither posted nor voided. */
async function lose(packetId: bigint, amount: bigint): Promise<void> {
  const legs = paymentLegs({
    id: packetId,
    source: { accountId: idFromUuid(id), asset },
    destination: { accountId: peerAccount, asset },
    sourceAmount: amount,
    destinationAmount: amount,
  })
  expect(await ledger.reserve(legs, 0)).toMatchObject({ kind: 'accepted' })
}

async function account(): Promise<unknown> {
  const balance = (await ledger.balances([idFromUuid(id)])).get(idFromUuid(id))
  return { sent: balance?.debitsPosted, reserved: balance?.debitsPending }
}

describe('packets whose answer was lost', () => {
  it('are given back when nothing more has arrived', async () => {
    await lose(10n, 100n)
    await lose(11n, 100n)
    clock.advance(22_000)
    expect(await unknownPackets.resolve(payment, 0n, waiting.signal)).toBe(0n)
    expect(await account()).toEqual({ sent: 0n, reserved: 0n })
  })

  it('are charged, the oldest first, as far as the receiver has received more than is known', async () => {
    await lose(10n, 100n)
    await lose(11n, 50n)
    clock.advance(22_000)
    // At a rate of 2, the packet of 1.00 has brought 2.00 over the 5.00 from before and the 3.00 that are known.
    received = 1_000n
    expect(await unknownPackets.resolve(payment, 300n, waiting.signal)).toBe(200n)
    expect(await account()).toEqual({ sent: 100n, reserved: 0n })
  })

  it('stay as they are while the receiver cannot be read', async () => {
    await lose(10n, 100n)
    clock.advance(22_000)
    received = undefined
    expect(await unknownPackets.resolve(payment, 0n, waiting.signal)).toBeUndefined()
    expect(await account()).toEqual({ sent: 0n, reserved: 100n })
  })

  it('are waited for until they can be fulfilled no more, and left to the next attempt when this one is stopped', async () => {
    await lose(10n, 100n)
    const resolving = unknownPackets.resolve(payment, 0n, waiting.signal)
    await new Promise(setImmediate)
    waiting.abort()
    expect(await resolving).toBeUndefined()
    expect(await account()).toEqual({ sent: 0n, reserved: 100n })
  })

  it('cost nothing when there are none', async () => {
    received = undefined
    expect(await unknownPackets.resolve(payment, 0n, waiting.signal)).toBe(0n)
  })
})
