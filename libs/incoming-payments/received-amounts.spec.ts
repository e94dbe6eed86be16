import { ManualClock } from '@kivuko/platform'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ReceivedAmounts } from './received-amounts.js'

const payment = { id: '9fa1c2de-6b4b-4e0c-8b0f-3d7b6f6f0a11', incomingAmount: 100n }

/** A ledger that answers when told to, and a row that shows what was written. */
class Books {
  credited = 0n
  written: string[] = []
  readings = 0
  private waiting: (() => void)[] = []

  async receivedAmount(): Promise<bigint> {
    this.readings += 1
    const seen = this.credited
    await new Promise<void>((answer) => this.waiting.push(answer))
    return seen
  }

  async closeAndReport(_id: string, state: string, received: bigint): Promise<boolean> {
    this.written.push(`${state} ${received}`)
    return true
  }

  answer(): void {
    for (const answer of this.waiting.splice(0)) answer()
  }
}

function recorder(books: Books): ReceivedAmounts {
  const query = async (_sql: string, [, received]: readonly unknown[]): Promise<void> => {
    books.written.push(`row ${received}`)
  }
  return new ReceivedAmounts({ manager: Object.assign(Object.create(null), { query }) }, new ManualClock(0), books)
}

/** Lets what was begun come to its next wait. */
const settled = () => new Promise(setImmediate)

describe('what an incoming payment has received by packets that come one by one', () => {
  const partly: { id: string; incomingAmount: bigint; paidInFull?: bigint } = payment

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('is recorded a moment later, once for all of them', async () => {
    const books = new Books()
    const amounts = recorder(books)
    const recorded = Array.from({ length: 20 }, (_, packet) => {
      books.credited = BigInt(packet + 1)
      return amounts.follow(partly)
    })
    await settled()
    expect(books.readings).toBe(0)
    vi.advanceTimersByTime(250)
    await settled()
    books.answer()
    await Promise.all(recorded)
    expect([books.readings, books.written]).toEqual([1, ['row 20']])
  })

  it('is recorded at once when it is all, without asking the ledger, and not again', async () => {
    const books = new Books()
    const amounts = recorder(books)
    const held = { ...partly }
    const first = amounts.follow(held)
    held.paidInFull = 100n
    await Promise.all([amounts.follow(held), first])
    vi.advanceTimersByTime(10_000)
    await settled()
    expect([books.readings, books.written]).toEqual([0, ['COMPLETED 100']])
  })

  it('is recorded before the process ends, and at once from then on', async () => {
    const books = new Books()
    const amounts = recorder(books)
    books.credited = 10n
    const followed = amounts.follow(partly)
    const ended = amounts.beforeApplicationShutdown()
    await settled()
    books.answer()
    await Promise.all([followed, ended])
    books.credited = 20n
    const late = amounts.follow(partly)
    books.answer()
    await late
    expect(books.written).toEqual(['row 10', 'row 20'])
  })
})

describe('what an incoming payment has received', () => {
  it('is read once for all credits that come while it is being read', async () => {
    const books = new Books()
    const amounts = recorder(books)
    books.credited = 10n
    const first = amounts.record(payment)
    books.credited = 20n
    const second = amounts.record(payment)
    books.credited = 30n
    const third = amounts.record(payment)
    books.answer()
    await first
    expect(books.written).toEqual(['row 10'])
    await new Promise(setImmediate)
    books.answer()
    await Promise.all([second, third])
    expect(books.written).toEqual(['row 10', 'row 30'])
    expect(books.readings).toBe(2)
  })

  it('completes the payment when all has come', async () => {
    const books = new Books()
    books.credited = 100n
    const recorded = recorder(books).record(payment)
    books.answer()
    await recorded
    expect(books.written).toEqual(['COMPLETED 100'])
  })

  it('is not written while it is nothing', async () => {
    const books = new Books()
    const recorded = recorder(books).record(payment)
    books.answer()
    await recorded
    expect(books.written).toEqual([])
  })
})
