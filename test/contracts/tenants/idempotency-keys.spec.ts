import { createDataSource, type DataSource, ManualClock } from '@kivuko/platform'
import { IdempotencyKeys } from '@kivuko/tenants'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../harness/postgres.js'
import { ENCRYPTION_KEY, insertTenant } from '../../harness/tenants.js'

const DAY_MS = 86_400_000
const A = '11111111-1111-4111-8111-111111111111'
const B = '22222222-2222-4222-8222-222222222222'
const call = { tenantId: A, key: 'k', operation: 'createAsset', args: '{"input":{"code":"USD"}}' }

let database: FreshDatabase
let dataSource: DataSource
let clock: ManualClock

beforeAll(async () => {
  database = await freshDatabase('idempotency')
  await Promise.all([insertTenant(database, A), insertTenant(database, B)])
  dataSource = createDataSource({
    url: database.url,
    poolSize: 10,
    applicationName: 'test',
    entities: [],
    onPoolError: () => undefined,
  })
  await dataSource.initialize()
})
beforeEach(async () => {
  clock = new ManualClock(Date.UTC(2030, 0, 1))
  await database.query('delete from idempotency_keys')
})
afterAll(async () => {
  await dataSource.destroy()
  await database.drop()
})

/** One process of several on the same database. */
function startKeys(options: { leaseMs?: number; longestWaitMs?: number } = {}): IdempotencyKeys {
  return new IdempotencyKeys({ db: dataSource.manager, clock, encryptionKey: ENCRYPTION_KEY, ...options })
}

function counted(answer: (count: number) => unknown = (count) => count) {
  const acts = { count: 0 }
  return {
    acts,
    act: async () => {
      acts.count += 1
      return answer(acts.count)
    },
  }
}

describe('an idempotency key', () => {
  it('is answered once, in every process and after a restart, with everything the answer held', async () => {
    const answer = { asset: { id: 'x', liquidity: 18_446_744_073_709_551_615n, name: null, list: [1n, 'two'] } }
    const { acts, act } = counted(() => answer)
    expect(await startKeys().once(call, act)).toEqual(answer)
    expect(await startKeys().once(call, act)).toEqual(answer)
    expect(acts.count).toBe(1)
    const [row] = await database.query('select answer from idempotency_keys')
    expect(Buffer.from(String(row?.answer), 'base64').toString('latin1')).not.toContain('asset')
  })

  it('has one effect when many ask at once, in several processes', async () => {
    const { acts, act } = counted()
    const processes = [startKeys(), startKeys(), startKeys()]
    const slow = async () => {
      const answer = await act()
      await new Promise((resolve) => setTimeout(resolve, 100))
      return answer
    }
    const answers = await Promise.all(Array.from({ length: 24 }, (_, index) => processes[index % 3]?.once(call, slow)))
    expect(answers).toEqual(Array.from({ length: 24 }, () => 1))
    expect(acts.count).toBe(1)
  })

  it('belongs to one tenant', async () => {
    const { act } = counted()
    expect(await startKeys().once(call, act)).toBe(1)
    expect(await startKeys().once({ ...call, tenantId: B }, act)).toBe(2)
  })

  it('is refused for another mutation or other arguments, also while the first is under way', async () => {
    const keys = startKeys()
    const { acts, act } = counted()
    await keys.once(call, act)
    const others = [
      { ...call, args: '{"input":{"code":"EUR"}}' },
      { ...call, operation: 'updateAsset' },
    ]
    for (const other of others) await expect(keys.once(other, act)).rejects.toMatchObject({ kind: 'conflict' })
    await keys.once({ ...call, key: 'open' }, async () => {
      const other = { ...call, key: 'open', operation: 'updateAsset' }
      await expect(keys.once(other, act)).rejects.toThrow('are different')
    })
    expect(acts.count).toBe(1)
  })

  it('is free again after a failure', async () => {
    const keys = startKeys()
    await expect(keys.once(call, async () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await keys.once(call, counted().act)).toBe(1)
  })

  it('is free again after a day, and its row is cleaned up, so many at a time', async () => {
    const keys = startKeys()
    const { act } = counted()
    for (const key of ['k', 'l', 'm']) await keys.once({ ...call, key }, act)
    clock.advance(DAY_MS - 1)
    expect(await keys.once(call, act)).toBe(1)
    expect(await keys.cleanUp()).toBe(0)
    clock.advance(1)
    expect(await keys.once(call, act)).toBe(4)
    clock.advance(1)
    expect(await keys.cleanUp(1)).toBe(1)
    expect(await keys.cleanUp(10)).toBe(1)
    expect(await keys.once(call, act)).toBe(4)
  })

  it('whose call died with its process is taken over by a repeat after the lease, and by nothing else', async () => {
    const keys = startKeys({ longestWaitMs: 0 })
    await database.query(
      `insert into idempotency_keys (tenant_id, key, operation, request_hash, owner, lease_until, created_at)
       values ($1, 'k', $2, sha256($3::bytea), gen_random_uuid(), $4, $5)`,
      [A, call.operation, Buffer.from(call.args), new Date(clock.nowMs() + 1_000), clock.now()],
    )
    await expect(keys.once(call, counted().act)).rejects.toThrow('Concurrent request for idempotencyKey: k')
    clock.advance(1_000)
    await expect(keys.once({ ...call, operation: 'x' }, counted().act)).rejects.toThrow('are different')
    expect(await keys.once(call, counted().act)).toBe(1)
  })
})
