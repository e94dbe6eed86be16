import { randomBytes } from 'node:crypto'
import { createDataSource, type DataSource, ManualClock } from '@kivuko/platform'
import { UsedSignatures } from '@kivuko/tenants'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../harness/postgres.js'

const NOW = Date.UTC(2030, 0, 1)
const WINDOW_MS = 60_000

let database: FreshDatabase
let processes: readonly DataSource[]
const clock = new ManualClock(NOW)

beforeAll(async () => {
  database = await freshDatabase('signatures')
  processes = await Promise.all(
    ['one', 'other'].map((applicationName) =>
      createDataSource({
        url: database.url,
        poolSize: 4,
        applicationName,
        entities: [],
        onPoolError: () => undefined,
      }).initialize(),
    ),
  )
})
afterAll(async () => {
  await Promise.all(processes.map((each) => each.destroy()))
  await database.drop()
})

const signatures = () => processes.map(({ manager }) => new UsedSignatures(manager, clock))
const digest = () => randomBytes(32).toString('hex')
const rows = async () => (await database.query('select count(*)::int as count from used_signatures'))[0]?.count

describe('a signature', () => {
  it('is new once, in whatever process', async () => {
    const [one, other] = signatures()
    const shown = digest()
    expect(await one?.claim(shown, NOW + WINDOW_MS)).toBe(true)
    expect(await one?.claim(shown, NOW + WINDOW_MS)).toBe(false)
    expect(await other?.claim(shown, NOW + WINDOW_MS)).toBe(false)
  })

  it('has one first, of many that come at once to two processes in any order', async () => {
    const memories = signatures()
    const shown = Array.from({ length: 200 }, digest)
    const claims = memories.flatMap((memory, index) => {
      const order = index === 0 ? shown : [...shown].reverse()
      return order.map(async (each) => ({ each, isFirst: await memory.claim(each, NOW + WINDOW_MS) }))
    })
    const first = (await Promise.all(claims)).filter(({ isFirst }) => isFirst).map(({ each }) => each)
    expect(first.sort()).toEqual([...shown].sort())
  })

  it('is first for one of two that share a statement', async () => {
    const [one] = signatures()
    const shown = digest()
    // The first of these has a statement of its own; the next two wait for it, and share one.
    const claims = [digest(), shown, shown].map((each) => one?.claim(each, NOW + WINDOW_MS))
    expect(await Promise.all(claims)).toEqual([true, true, false])
  })

  it('is forgotten when it is stale: calls take away more than they leave', async () => {
    const [one] = signatures()
    clock.advance(2 * WINDOW_MS)
    const before = await rows()
    expect(before).toBeGreaterThan(200)
    for (let calls = 0; calls < 60; calls++) await one?.claim(digest(), NOW + 3 * WINDOW_MS)
    expect(await rows()).toBe(Number(before) + 60 - 2 * 60)
  })
})
