import type { Door } from '@kivuko/rooms'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { timed } from '../../harness/tries.js'
import { waitFor } from '../../harness/wait-for.js'
import { Bank, OPERATOR } from './payments-process.js'

let bank: Bank
let worker: Door

beforeAll(async () => {
  bank = await Bank.open('worker')
  worker = await bank.rooms.startWorker()
})
afterAll(async () => {
  await worker.close()
  await bank.close()
})

const stateOf = async (id: string): Promise<string> => (await bank.rooms.outgoingPayments.get(OPERATOR, id)).state

describe('the worker', () => {
  it('sends a payment as soon as it is funded', timed, async () => {
    const { id } = await bank.order(1_000n)
    await bank.rooms.outgoingPayments.fund({ tenantId: OPERATOR, id })
    await waitFor('it is completed', async () => (await stateOf(id)) === 'COMPLETED', { deadlineMs: 5_000 })
  })

  it('finds what nobody rang for', timed, async () => {
    const { id } = await bank.order(1_000n)
    await bank.rooms.dataSource.query('delete from bullmq.job')
    await bank.rooms.outgoingPayments.fund({ tenantId: OPERATOR, id })
    await bank.rooms.dataSource.query('delete from bullmq.job')
    await waitFor('it is completed', async () => (await stateOf(id)) === 'COMPLETED', { deadlineMs: 10_000 })
  })

  it('expires incoming payments', timed, async () => {
    const { id } = await bank.ask({ expiresAt: new Date(performance.timeOrigin + performance.now() + 200) })
    const isExpired = async (): Promise<boolean> =>
      (await bank.rooms.incomingPayments.get(OPERATOR, id)).state === 'EXPIRED'
    await waitFor('it has expired', isExpired, { deadlineMs: 10_000 })
  })
})

describe('an idle node', () => {
  it('does at most five database transactions a second', async () => {
    const idle = await Bank.open('idle')
    const door = await idle.rooms.startWorker()
    try {
      const seconds = 8
      await passed(REPORTED_AFTER_MS)
      const before = await transactions(idle)
      await passed(seconds * 1_000)
      const perSecond = ((await transactions(idle)) - before) / seconds
      console.log(`idle node: ${perSecond.toFixed(1)} database transactions a second`)
      expect(perSecond).toBeLessThanOrEqual(5)
    } finally {
      await door.close()
      await idle.close()
    }
  }, 60_000)
})

// An idle connection hands its counts to the server ten seconds late.
const REPORTED_AFTER_MS = 10_500

/** Counted by the server, over all connections. */
async function transactions({ database }: Bank): Promise<number> {
  const [row] = await database.query(
    'select xact_commit + xact_rollback as count from pg_stat_database where datname = current_database()',
  )
  return Number(row?.count)
}

function passed(ms: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, ms))
}
