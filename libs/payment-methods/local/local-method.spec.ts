import { AccountCode, assetAccounts, depositLegs, idFromUuid, MemoryLedger, type Outcome } from '@kivuko/accounting'
import type { Admission } from '@kivuko/incoming-payments'
import { DomainError, ManualClock } from '@kivuko/platform'
import { FixedRates } from '@kivuko/rates'
import { beforeEach, describe, expect, it } from 'vitest'
import type { PayRequest } from '../payment-method.js'
import { LocalMethod } from './local-method.js'

const tenantId = '438fa74a-fa7d-4317-9ced-dde32ece1787'
const dollar = asset('0b1f4e0a-1d5f-4c3b-9a6e-5a1f0c7b8d90', 'USD', 1)
const euro = asset('1b1f4e0a-1d5f-4c3b-9a6e-5a1f0c7b8d90', 'EUR', 2)
const paymentId = '9fa1c2de-6b4b-4e0c-8b0f-3d7b6f6f0a11'
const incomingPaymentId = 'a3c1c2de-6b4b-4e0c-8b0f-3d7b6f6f0a11'
const [source, destination] = [idFromUuid(paymentId), idFromUuid(incomingPaymentId)]
const rates = new FixedRates({ USD: { EUR: '0.91' } })

function asset(id: string, code: string, ledger: number) {
  const thresholds = { withdrawalThreshold: null, liquidityThreshold: null }
  return { id, tenantId, code, scale: 2, ledger, ...thresholds, createdAt: new Date(0) }
}

/** The receiver's side: what was admitted, credited and released. */
class Room {
  readonly events: string[] = []
  refusal: DomainError | undefined

  async admit(_id: string, amount: bigint): Promise<Admission> {
    if (this.refusal !== undefined) throw this.refusal
    return {
      accountId: destination,
      asset: euro,
      credited: async () => void this.events.push(`credited ${amount}`),
      released: () => void this.events.push(`released ${amount}`),
      overtaken: () => void this.events.push(`overtaken ${amount}`),
    }
  }

  async recordCredits(id: string): Promise<void> {
    this.events.push(`recorded ${id === incomingPaymentId}`)
  }
}

let ledger: MemoryLedger
let room: Room
let method: LocalMethod

beforeEach(async () => {
  ledger = new MemoryLedger(new ManualClock(0))
  room = new Room()
  method = new LocalMethod(ledger, rates, room)
  await ledger.openAccounts([...assetAccounts(dollar), ...assetAccounts(euro)])
  await ledger.openAccounts([
    { id: source, ledger: 1, code: AccountCode.outgoingPayment, limit: 'debits' },
    { id: destination, ledger: 2, code: AccountCode.incomingPayment, limit: 'debits' },
  ])
  await ledger.transfer(depositLegs({ id: 1n, accountId: source, asset: dollar, amount: 10_000n }))
})

async function liquidity(amount: bigint): Promise<void> {
  await ledger.transfer(depositLegs({ id: 2n, accountId: idFromUuid(euro.id), asset: euro, amount }))
}

async function request(changes: Partial<PayRequest> = {}): Promise<PayRequest> {
  const receiver = {
    incomingPaymentUrl: 'https://pay.example/1',
    walletAddressUrl: 'https://pay.example/alice',
    asset: euro,
    receivedAmount: 0n,
    completed: false,
    local: { incomingPaymentId, tenantId },
  }
  const price = await method.price({ tenantId, walletAddressId: paymentId, sourceAsset: dollar, receiver })
  return {
    payment: { id: paymentId, tenantId, accountId: source, asset: dollar },
    receiver,
    price,
    sourceAmount: 10_000n,
    sentAmount: 0n,
    deliverAmount: 9_100n,
    attempt: 0,
    signal: new AbortController().signal,
    ...changes,
  }
}

async function credits(id: bigint): Promise<bigint | undefined> {
  return (await ledger.balances([id])).get(id)?.creditsPosted
}

describe('a local payment', () => {
  it('is priced at the exact rate, without slippage or packets', async () => {
    const { price } = await request()
    expect(price).toEqual({
      method: 'local',
      guaranteedRate: price.lowRate,
      lowRate: price.lowRate,
      highRate: price.lowRate,
    })
    expect(price.lowRate.numerator * 100n).toBe(price.lowRate.denominator * 91n)
  })

  it('moves all at once, through the liquidity of both assets', async () => {
    await liquidity(9_100n)
    expect(await method.pay(await request())).toEqual({ deliveredAmount: 9_100n, sentAmount: 10_000n })
    expect(await credits(destination)).toBe(9_100n)
    expect(await credits(idFromUuid(dollar.id))).toBe(10_000n)
    expect(room.events).toEqual(['credited 9100'])
  })

  it('happens once, however often the same attempt is made', async () => {
    await liquidity(20_000n)
    await method.pay(await request())
    await method.pay(await request())
    expect(await credits(destination)).toBe(9_100n)
  })

  it('that has left is only made known to the receiver', async () => {
    expect(await method.pay(await request({ sentAmount: 10_000n }))).toEqual({ deliveredAmount: 9_100n })
    expect(room.events).toEqual(['recorded true'])
    expect(await credits(destination)).toBe(0n)
  })

  it('may be tried again when the receiver’s currency is short, and gives the room back', async () => {
    const { deliveredAmount, error } = await method.pay(await request())
    expect(deliveredAmount).toBe(0n)
    expect(error).toMatchObject({ reason: 'InsufficientLiquidity', isRetryable: true })
    expect(error?.message).toContain('EUR')
    expect(room.events).toEqual(['released 9100'])
    await liquidity(9_100n)
    expect(await method.pay(await request({ attempt: 1 }))).toMatchObject({ deliveredAmount: 9_100n })
  })

  it('fails for good when its own account holds too little, or the receiver is closed', async () => {
    await liquidity(20_000n)
    const tooMuch = await method.pay(await request({ sourceAmount: 10_001n }))
    expect(tooMuch.error).toMatchObject({ reason: 'InsufficientBalance', isRetryable: false })
    room.refusal = new DomainError('conflict', 'ReceiverClosed', 'it is completed')
    expect((await method.pay(await request({ attempt: 1 }))).error).toEqual({
      reason: 'ReceiverClosed',
      message: 'it is completed',
      isRetryable: false,
    })
  })

  it('may be tried again, with a new look at the receiver, when others have paid it meanwhile', async () => {
    const full = { transfer: async (): Promise<Outcome> => ({ kind: 'refused', leg: 1, refusal: 'insufficient-room' }) }
    const { deliveredAmount, error } = await new LocalMethod(full, rates, room).pay(await request())
    expect([deliveredAmount, error]).toMatchObject([0n, { reason: 'ReceiverOvertaken', isRetryable: true }])
    expect(room.events).toEqual(['overtaken 9100'])
  })

  it('is asked for again, the same one, when the ledger does not answer', async () => {
    const silent = { transfer: async (): Promise<Outcome> => ({ kind: 'unknown', message: 'no answer within 5 s' }) }
    const { error } = await new LocalMethod(silent, rates, room).pay(await request())
    expect(error).toMatchObject({ reason: 'LedgerUnavailable', isRetryable: true, isUnknown: true })
    expect(room.events).toEqual(['released 9100'])
  })
})
