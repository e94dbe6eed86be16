import { ManualClock } from '@kivuko/platform'
import { describe, expect, it } from 'vitest'
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
