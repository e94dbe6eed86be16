import { randomUUID } from 'node:crypto'
import { DomainError } from '@kivuko/platform'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitFor } from '../../harness/wait-for.js'
import { tigerBeetleBinary, warnSkipped } from '../ledger/tigerbeetle-server.js'
import { newPeer } from '../rooms/peer-builder.js'
import { killedPostgresOutage, type Outage, postgresOutage, tigerBeetleOutage } from './ledger-outages.js'
import { type Bank, OPERATOR } from './payments-process.js'
import { STEPS, type Step, SteppedPayment, type Terms } from './stepped-payment.js'

// A ledger that is away is waited for up to ten seconds, several times in one step.
const OUTAGE_MS = 240_000

const isPresent = tigerBeetleBinary() !== undefined
if (!isPresent) warnSkipped('payments while the ledger is away')

describe('with the ledger in Postgres, which is silent', () => outagePromises(postgresOutage))
describe.skipIf(!isPresent)('with the ledger in TigerBeetle, which is killed', () => {
  outagePromises(tigerBeetleOutage)
  trafficPromise(tigerBeetleOutage)
})

describe('with a Postgres that is killed, rows and ledger', () => {
  let outage: Outage
  beforeAll(async () => {
    outage = await killedPostgresOutage('killed_ledger')
  })
  afterAll(() => outage?.close())

  it('a step that failed is taken again, and the payment completes', { timeout: OUTAGE_MS }, async () => {
    const { bank } = outage
    const payments = await paymentsUpTo(bank)
    await outage.begin()
    const tries = await Promise.allSettled(payments.map(({ payment, next }) => attempted(payment, next)))
    // Nothing can be done without the database.
    expect(tries.map(({ status }) => status)).toEqual(payments.map(() => 'rejected'))
    await outage.end()
    await Promise.all(payments.map(({ payment, next }) => payment.take(STEPS.slice(STEPS.indexOf(next)))))
    for (const { payment } of payments) await expectMoved(bank, payment, dollars(bank))
  })
})

function outagePromises(start: (label: string) => Promise<Outage>): void {
  let outage: Outage
  let bank: Bank
  beforeAll(async () => {
    outage = await start('ledger_away')
    bank = outage.bank
  })
  afterAll(() => outage?.close())

  it('a payment completes, whichever of its steps met the outage', { timeout: OUTAGE_MS }, async () => {
    const payments = await paymentsUpTo(bank)
    const whole = new SteppedPayment(bank.rooms, dollars(bank))
    await outage.begin()
    const meeting = (async () => {
      await whole.take(['receiver', 'quote', 'order'])
      await refusedForNow(whole.deposit())
    })()
    await Promise.all([meeting, ...payments.map(({ payment, next }) => met(payment, next))])
    await outage.end()
    await whole.take(['deposit', 'send', 'withdraw'])
    await Promise.all(payments.map(({ payment, next }) => payment.take(stepsAfter(next))))
    for (const payment of [whole, ...payments.map(({ payment }) => payment)])
      await expectMoved(bank, payment, dollars(bank))
  })

  it('assets, wallet addresses and peers made meanwhile are paid from and to', { timeout: OUTAGE_MS }, async () => {
    const { rooms } = bank
    await outage.begin()
    const jpy = await rooms.assets.create({ tenantId: OPERATOR, code: 'JPY', scale: 0 })
    const jun = { tenantId: OPERATOR, address: 'http://payments.test/jun', assetId: jpy.id }
    const peering = { assetId: jpy.id, initialLiquidity: 700n, balanceLimits: { creditLine: 300n } }
    const [from, peer] = await Promise.all([rooms.walletAddresses.create(jun), rooms.peers.create(newPeer(peering))])
    const deposit = { tenantId: OPERATOR, assetId: jpy.id, id: randomUUID(), amount: 5_000n }
    await refusedForNow(rooms.assets.depositLiquidity(deposit))
    await outage.end()
    // 1000 JPY × 0.0065 = 6.50 USD; each of these asks for accounts that nobody has opened yet.
    const abroad: Terms = { from, to: bank.alice, debit: 1_000n, received: 650n }
    const payment = new SteppedPayment(rooms, abroad)
    await payment.take(['receiver', 'quote', 'order', 'deposit'])
    await rooms.assets.depositLiquidity(deposit)
    await bank.deposit(bank.usd, 10_000n)
    await payment.take(['send', 'withdraw'])
    await expectMoved(bank, payment, abroad)
    await waitFor('the peer has its liquidity', async () => (await rooms.peers.liquidity(peer.id)) === 700n)
    await waitFor('the peer has its credit line', async () => (await bank.balance(peer.id))?.creditLine === 300n)
    const more = { tenantId: OPERATOR, peerId: peer.id, id: randomUUID(), amount: 50n }
    await rooms.peers.depositLiquidity(more)
    expect(await rooms.peers.liquidity(peer.id)).toBe(750n)
  })
}

function trafficPromise(start: (label: string) => Promise<Outage>): void {
  it('payments under way while the ledger is away twice all complete', { timeout: 2 * OUTAGE_MS }, async () => {
    const outage = await start('ledger_away_twice')
    try {
      const traffic = new Traffic(outage.bank)
      for (let nth = 1; nth <= 2; nth++) {
        await traffic.until('payments complete', ({ completed }) => completed >= nth * CUSTOMERS)
        await outage.begin()
        const { ordered } = traffic.counts()
        await traffic.until('payments are made meanwhile', (now) => now.ordered > ordered)
        await outage.end()
      }
      const payments = await traffic.stop()
      expect(payments.length).toBeGreaterThan(2 * CUSTOMERS)
      for (const payment of payments) await expectMoved(outage.bank, payment, dollars(outage.bank))
    } finally {
      await outage.close()
    }
  })
}

// As many payments as are under way at once.
const CUSTOMERS = 8

/** Customers who pay again and again; each takes a step that was refused for now once more, as their systems do. */
class Traffic {
  private readonly payments: SteppedPayment[] = []
  private readonly customers: Promise<void>[]
  private completed = 0
  private ordered = 0
  private isStopping = false

  constructor(private readonly bank: Bank) {
    this.customers = Array.from({ length: CUSTOMERS }, () => this.pay())
  }

  counts(): { readonly completed: number; readonly ordered: number } {
    return { completed: this.completed, ordered: this.ordered }
  }

  until(what: string, isSo: (counts: { completed: number; ordered: number }) => boolean): Promise<boolean> {
    return waitFor(what, () => isSo(this.counts()), { deadlineMs: OUTAGE_MS, describe: () => this.counts() })
  }

  /** All that were begun, each at its end. */
  async stop(): Promise<readonly SteppedPayment[]> {
    this.isStopping = true
    await Promise.all(this.customers)
    return this.payments
  }

  private async pay(): Promise<void> {
    while (!this.isStopping) {
      const payment = new SteppedPayment(this.bank.rooms, dollars(this.bank))
      this.payments.push(payment)
      for (const step of STEPS) {
        await waitFor(`the step ${step} is taken`, () => tried(payment[step]()), { deadlineMs: OUTAGE_MS })
        if (step === 'order') this.ordered += 1
      }
      this.completed += 1
    }
  }
}

/** False when it was refused for now. */
async function tried(step: Promise<void>): Promise<boolean> {
  try {
    await step
    return true
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'unavailable') return false
    throw error
  }
}

/** 10.00 USD × 0.91 = 9.10 EUR. */
function dollars({ alice: from, bob: to }: Bank): Terms {
  return { from, to, debit: 1_000n, received: 910n }
}

interface Started {
  readonly payment: SteppedPayment
  readonly next: Step
}

/** For each step a payment that is about to take it. */
function paymentsUpTo(bank: Bank): Promise<Started[]> {
  return Promise.all(
    STEPS.map(async (next, index) => {
      const payment = new SteppedPayment(bank.rooms, dollars(bank))
      await payment.take(STEPS.slice(0, index))
      return { payment, next }
    }),
  )
}

function attempted(payment: SteppedPayment, step: Step): Promise<void> {
  return step === 'send' ? payment.attempt() : payment[step]()
}

/** Steps that only write rows are taken; those that move money are refused for now, or tried later by themselves. */
async function met(payment: SteppedPayment, step: Step): Promise<void> {
  if (step === 'deposit' || step === 'withdraw') await refusedForNow(payment[step]())
  else await attempted(payment, step)
}

function stepsAfter(met: Step): readonly Step[] {
  const isTaken = met === 'receiver' || met === 'quote' || met === 'order'
  return STEPS.slice(STEPS.indexOf(met) + (isTaken ? 1 : 0))
}

async function refusedForNow(act: Promise<unknown>): Promise<void> {
  await expect(act).rejects.toMatchObject({ kind: 'unavailable' })
}

async function expectMoved(bank: Bank, payment: SteppedPayment, { debit, received }: Terms): Promise<void> {
  const { outgoing, incoming } = payment.accounts()
  expect(await bank.balance(outgoing)).toMatchObject({ creditsPosted: debit, debitsPosted: debit, debitsPending: 0n })
  expect(await bank.balance(incoming)).toMatchObject({ creditsPosted: received, debitsPosted: received })
}
