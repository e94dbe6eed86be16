import type { Asset } from '@kivuko/assets'
import type { PageRequest } from '@kivuko/platform'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FreshDatabase } from '../../harness/postgres.js'
import { OPERATOR, OTHER_TENANT, type RoomsProcess, startFreshRooms } from './rooms-process.js'

const COUNT = 25

let database: FreshDatabase
let rooms: RoomsProcess
/** Newest first, as lists show them. */
let all: Asset[]
let foreign: Asset

beforeAll(async () => {
  const started = await startFreshRooms('pages')
  database = started.database
  rooms = started.rooms
  const made: Asset[] = []
  for (let scale = 0; scale < COUNT; scale++) {
    made.push(await rooms.assets.create({ tenantId: OPERATOR, code: 'PAGE', scale }))
  }
  // Microseconds apart, in threes of the very same time: what a Date cuts off, and what only the id decides.
  await database.query(
    `update assets set created_at = timestamptz '2026-01-01' + (scale / 3) * interval '1 microsecond' where code = 'PAGE'`,
  )
  const order = await database.query('select id from assets order by created_at desc, id desc')
  all = order.map(({ id }) => made.find((asset) => asset.id === id)).filter((asset) => asset !== undefined)
  foreign = await rooms.assets.create({ tenantId: OTHER_TENANT, code: 'PAGE', scale: 0 })
})

afterAll(async () => {
  await rooms.close()
  await database.drop()
})

const scales = (assets: readonly Asset[]) => assets.map(({ scale }) => scale)
const idOf = (index: number) => all[index]?.id ?? 'missing'

async function page(request: PageRequest): Promise<{ scales: number[]; previous: boolean; next: boolean }> {
  const { rows, hasPreviousPage, hasNextPage } = await rooms.assets.list(OPERATOR, request)
  return { scales: scales(rows), previous: hasPreviousPage, next: hasNextPage }
}

describe('pages', () => {
  it('begin with the 20 newest', async () => {
    expect(await page({})).toEqual({ scales: scales(all.slice(0, 20)), previous: false, next: true })
  })

  it('hold as many as asked for, also when that is all', async () => {
    expect(await page({ first: COUNT })).toEqual({ scales: scales(all), previous: false, next: false })
    expect(await page({ first: COUNT - 1 })).toEqual({ scales: scales(all.slice(0, -1)), previous: false, next: true })
  })

  it('run the other way round when asked', async () => {
    const oldestFirst = scales([...all].reverse())
    expect(await page({ sortOrder: 'ASC', first: 100 })).toMatchObject({ scales: oldestFirst })
    const [third] = [...all].reverse().slice(2)
    expect(await page({ sortOrder: 'ASC', first: 4, after: third?.id })).toEqual({
      scales: oldestFirst.slice(3, 7),
      previous: true,
      next: true,
    })
  })

  it.each([1, 2, 7, 24])('forward by %d meet every row once', async (first) => {
    const seen: number[] = []
    let after: string | undefined
    for (let more = true; more; ) {
      const { rows, hasNextPage } = await rooms.assets.list(OPERATOR, { first, after })
      seen.push(...scales(rows))
      after = rows.at(-1)?.id
      more = hasNextPage
    }
    expect(seen).toEqual(scales(all))
  })

  it.each([1, 2, 7, 24])('backward by %d meet every row once', async (last) => {
    const seen: number[] = scales(all.slice(-1))
    let before = idOf(COUNT - 1)
    for (let more = true; more; ) {
      const { rows, hasPreviousPage } = await rooms.assets.list(OPERATOR, { last, before })
      seen.unshift(...scales(rows))
      before = rows[0]?.id ?? before
      more = hasPreviousPage
    }
    expect(seen).toEqual(scales(all))
  })

  it('know what lies on both sides', async () => {
    expect(await page({ first: 5, after: idOf(9) })).toEqual({
      scales: scales(all.slice(10, 15)),
      previous: true,
      next: true,
    })
    expect(await page({ first: 5, after: idOf(19) })).toMatchObject({ previous: true, next: false })
    expect(await page({ last: 5, before: idOf(5) })).toEqual({
      scales: scales(all.slice(0, 5)),
      previous: false,
      next: true,
    })
    expect(await page({ last: 4, before: idOf(5) })).toEqual({
      scales: scales(all.slice(1, 5)),
      previous: true,
      next: true,
    })
  })

  it('are empty past either end', async () => {
    const empty = { scales: [], previous: false, next: false }
    expect(await page({ after: idOf(COUNT - 1) })).toEqual(empty)
    expect(await page({ last: 3, before: idOf(0) })).toEqual(empty)
  })

  it('are empty after a row that is not there, or that is another tenant’s', async () => {
    const empty = { scales: [], previous: false, next: false }
    expect(await page({ after: '99999999-9999-4999-8999-999999999999' })).toEqual(empty)
    expect(await page({ after: foreign.id })).toEqual(empty)
    const everyones = await rooms.assets.list(undefined, { after: foreign.id, first: 1 })
    expect(scales(everyones.rows)).toEqual(scales(all.slice(0, 1)))
  })

  it('refuse what cannot be asked', async () => {
    const refused = expect.objectContaining({ kind: 'invalid', reason: 'InvalidPage' })
    await expect(rooms.assets.list(OPERATOR, { first: 101 })).rejects.toEqual(refused)
    await expect(rooms.assets.list(OPERATOR, { last: 2 })).rejects.toEqual(refused)
    await expect(rooms.assets.list(OPERATOR, { after: "'; drop table assets" })).rejects.toEqual(refused)
  })
})
