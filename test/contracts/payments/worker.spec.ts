import type { Door } from '@kivuko/rooms'
import { afterAll, beforeAll, describe, it } from 'vitest'
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
