import { createLogger, ManualClock } from '@kivuko/platform'
import { expect, it, vi } from 'vitest'
import { accepted } from '../outcome.js'
import type { Leg } from '../transfer.js'
import type { Chain } from './chain.js'
import { type ApplyBatch, GroupCommit } from './group-commit.js'

const leg: Leg = { id: 1n, ledger: 1, debitAccountId: 2n, creditAccountId: 3n, amount: 10n, code: 1 }
const chain: Chain = { verb: 'write', legs: [leg], timeoutSeconds: undefined }
const log = createLogger({ logLevel: 'silent', instanceName: 'test' })

it('a transfer whose time is over while the database is away is not sent when it is back', async () => {
  const clock = new ManualClock(1_000)
  const apply = vi.fn<ApplyBatch>(async () => {
    throw Object.assign(new Error('the database system is starting up'), { code: '57P03' })
  })
  const commits = new GroupCommit(apply, 10_000, clock, log)
  const outcome = commits.submit(chain, 2_000)
  await vi.waitFor(() => expect(apply).toHaveBeenCalledOnce())
  clock.advance(1_000)
  expect(await outcome).toMatchObject({ kind: 'unknown' })
  clock.advance(1_000)
  apply.mockImplementation(async () => [accepted])
  expect(await commits.submit(chain)).toEqual(accepted)
  expect(apply.mock.calls).toEqual([[[chain]], [[chain]]])
})

it.each([
  { verb: 'write', legs: [], timeoutSeconds: undefined },
  { verb: 'post', ids: [] },
  { verb: 'void', ids: [] },
] as const)('a chain of nothing to $verb is refused and not sent', async (empty) => {
  const apply = vi.fn<ApplyBatch>(async (chains) => chains.map(() => accepted))
  const commits = new GroupCommit(apply, 10_000, new ManualClock(1_000), log)
  expect(await commits.submit(empty)).toEqual({ kind: 'refused', leg: 0, refusal: 'invalid-chain' })
  expect(apply).not.toHaveBeenCalled()
})

it('a batch that is not answered chain by chain is answered as unknown, and not sent again by itself', async () => {
  for (const answers of [[], [accepted], [accepted, accepted, accepted]]) {
    const apply = vi.fn<ApplyBatch>(async () => answers)
    const commits = new GroupCommit(apply, 10_000, new ManualClock(1_000), log)
    const other: Chain = { verb: 'post', ids: [7n] }
    const outcomes = await Promise.all([commits.submit(chain), commits.submit(other)])
    expect(outcomes).toMatchObject([{ kind: 'unknown' }, { kind: 'unknown' }])
    expect(apply).toHaveBeenCalledOnce()
  }
})
