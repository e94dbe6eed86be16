import { createLogger } from '@kivuko/platform'
import { beforeEach, expect, it } from 'vitest'
import type { Attempted } from './attempt.js'
import type { End } from './ending.js'
import { PaymentSending } from './sending.js'
import { LossyPath, payment } from './testing/lossy-path.js'

const DAY_MS = 86_400_000
const all = { deliveredAmount: 1_980n, known: { sentAmount: 990n, deliveredAmount: 1_980n } }
const nothing = { sentAmount: 0n, deliveredAmount: 0n }

let path: LossyPath
let ends: (Pick<End, 'state' | 'deliveredAmount'> & { reason: string | undefined })[]
/** The values of each postponement's statement. */
let postponed: unknown[][]
let make: () => Promise<Attempted>

beforeEach(async () => {
  path = await LossyPath.open()
  ends = []
  postponed = []
})

async function send(createdAt: Date): Promise<void> {
  const query = async (_text: string, values: unknown[]) => {
    postponed.push(values)
    return [{ id: payment.id }]
  }
  const lease = { token: payment.id, signal: new AbortController().signal, release: () => undefined }
  const sending = new PaymentSending({
    dataSource: { manager: Object.assign(Object.create(null), { query }) },
    clock: path.clock,
    jobs: { ring: async () => undefined },
    log: createLogger({ logLevel: 'silent', instanceName: 'test' }),
    accounts: path.accounts,
    leases: { claim: async () => ({ payment: { ...payment, createdAt }, lease }), interruptAll: () => undefined },
    attempts: { make: () => make() },
    ending: {
      end: async (_payment, _lease, { state, deliveredAmount, error }) => {
        ends.push({ state, deliveredAmount, reason: error?.reason })
        return true
      },
    },
    policy: { maxRetries: 0, random: () => 0 },
  })
  await sending.send(payment.id)
}

const justMade = () => send(path.clock.now())

it('a payment that has delivered all is completed', async () => {
  make = async () => ({ ...all, account: { sentAmount: 990n, availableAmount: 10n } })
  await justMade()
  expect(ends).toEqual([{ state: 'COMPLETED', deliveredAmount: 1_980n, reason: undefined }])
})

it('one with packets of unknown end is not, before the receiver has been asked about them', async () => {
  await path.lose(10n, 10n)
  make = async () => all
  await justMade()
  expect(ends).toEqual([])
  expect(postponed[0]).toEqual(expect.arrayContaining(['990', '1980', 'PacketsUnresolved']))
  await path.ledger.void([10n])
  await justMade()
  expect(ends).toEqual([{ state: 'COMPLETED', deliveredAmount: 1_980n, reason: undefined }])
})

it('nor does it fail before that', async () => {
  await path.lose(10n, 10n)
  const error = { reason: 'ReceiverCompleted', message: 'it was completed', isRetryable: false }
  make = async () => ({ deliveredAmount: 0n, known: nothing, error })
  await justMade()
  expect(ends).toEqual([])
  await path.ledger.void([10n])
  await justMade()
  expect(ends).toEqual([{ state: 'FAILED', deliveredAmount: 0n, reason: 'ReceiverCompleted' }])
})

it('one that has waited for its receiver for a day ends as far as it got', async () => {
  await path.lose(10n, 10n)
  make = async () => all
  await send(new Date(path.clock.nowMs() - DAY_MS))
  expect(ends).toMatchObject([{ state: 'COMPLETED' }])
})

it('what an attempt that broke off had sent is not written down without what it brought', async () => {
  await path.deliver(10n, 100n)
  await path.lose(11n, 100n)
  make = async () => {
    throw new Error('the database is away')
  }
  await justMade()
  // By the ledger 1.00 was sent: the next attempt finds out what that brought.
  expect(postponed[0]?.slice(-4)).toEqual(['0', '0', 'InternalError', expect.any(String)])
})
