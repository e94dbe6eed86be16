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
