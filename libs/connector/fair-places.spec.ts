import { ManualClock } from '@kivuko/platform'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { FairPlaces, type SourcePlaces } from './fair-places.js'

const NOW_MS = Date.UTC(2030, 0, 1)
const FOR_LONG_MS = NOW_MS + 1_000_000

let clock: ManualClock
let places: FairPlaces
/** Who waited and was admitted, in that order. */
let admitted: string[]
let refused: string[]

beforeEach(() => {
  clock = new ManualClock(NOW_MS)
  places = new FairPlaces(clock, { shared: 256, spare: 64 })
  admitted = []
  refused = []
})

const at = (source: string, tenant = 'tenant') => places.of(source, tenant)

/** How many places the source gets when it asks for this many and gives none back. */
function takes(count: number, source: string, tenant?: string): number {
  return Array.from({ length: count }, () => places.take(at(source, tenant))).filter(Boolean).length
}

/** How many of the source's packets find room in its queue. */
function waits(count: number, source: string, tenant?: string, latestMs = FOR_LONG_MS): number {
  const admit = (hasPlace: boolean) => void (hasPlace ? admitted : refused).push(source)
  return Array.from({ length: count }, () => places.wait(at(source, tenant), latestMs, admit)).filter(Boolean).length
}

function release(count: number, source: string, tenant?: string): void {
  for (let n = 0; n < count; n++) places.release(at(source, tenant))
}

describe('places of a lone source', () => {
  it('are all shared ones, and no spare one', () => {
    expect(takes(300, 'hoarder')).toBe(256)
    release(1, 'hoarder')
    expect(takes(2, 'hoarder')).toBe(1)
  })

  it('are all its own again when the others are gone', () => {
    takes(256, 'hoarder')
    takes(4, 'alice')
    waits(3, 'hoarder')
    release(4, 'alice')
    expect(admitted).toEqual([])
    release(2, 'hoarder')
    expect(admitted).toEqual(['hoarder', 'hoarder'])
  })
})

describe('spare places', () => {
  it('are there for seventeen more sources of a tenant, however long each keeps its own', () => {
    takes(300, 'hoarder')
    // Each takes while 16 times what it has is less than 64 less twice what its tenant has.
    const got = Array.from({ length: 18 }, (_, n) => takes(10, `source ${n}`))
    expect(got).toEqual([4, 4, 3, 3, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 0])
  })

  it('are there for seven more tenants, however many sources each has', () => {
    takes(300, 'hoarder', 'tenant 0')
    const got = Array.from({ length: 9 }, (_, tenant) =>
      Array.from({ length: 300 }, (_, source) => takes(10, `source ${source}`, `tenant ${tenant}`)),
    )
    expect(got.map((ofSources) => ofSources.reduce((sum, ofSource) => sum + ofSource))).toEqual([
      32, 16, 8, 4, 2, 1, 1, 0, 0,
    ])
  })

  it('come back first, and go to whoever waits with few places', () => {
    takes(256, 'hoarder')
    takes(4, 'alice')
    waits(1, 'hoarder')
    waits(1, 'alice')
    release(1, 'alice')
    expect(admitted).toEqual(['alice'])
  })
})

describe('a place that becomes free', () => {
  it('goes to others that wait until they have as many as the source that had them all', () => {
    takes(256, 'hoarder')
    takes(4, 'alice')
    waits(500, 'hoarder')
    waits(500, 'alice')
    // The four spare places come back before others; then alice needs 124 more for 128.
    release(128, 'hoarder')
    expect(new Set(admitted)).toEqual(new Set(['alice']))
    expect([at('hoarder').taken, at('alice').taken]).toEqual([128, 128])
    admitted = []
    for (let n = 0; n < 10; n++) {
      release(1, 'hoarder')
      release(1, 'alice')
    }
    expect(admitted.filter((source) => source === 'alice')).toHaveLength(10)
    expect(admitted).toHaveLength(20)
  })

  it('goes to the tenant with the fewest first, whoever of its sources waits', () => {
    takes(256, 'hoarder')
    places.counts = { shared: 256, spare: 0 }
    waits(1, 'a source of the same tenant')
    waits(1, 'alice', 'tenant 2')
    release(2, 'hoarder')
    expect(admitted).toEqual(['alice', 'a source of the same tenant'])
  })

  it('goes to tenants with as few in turn, and to the sources of each in turn', () => {
    takes(256, 'hoarder', 'others')
    places.counts = { shared: 256, spare: 0 }
    for (const source of ['a1', 'a2', 'a3']) waits(2, source, 'a')
    for (const source of ['b1', 'b2']) waits(2, source, 'b')
    release(1, 'hoarder', 'others')
    // The one place goes from hand to hand.
    for (let last = ''; admitted.length < 10; ) {
      last = admitted.at(-1) ?? ''
      release(1, last, last.slice(0, 1))
    }
    expect(admitted).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'b1', 'a1', 'b2', 'a2', 'a3'])
  })

  it('is given to a source with many packets no sooner than to one with a single packet', () => {
    takes(256, 'hoarder')
    places.counts = { shared: 256, spare: 0 }
    waits(400, 'busy')
    waits(1, 'alice')
    release(2, 'hoarder')
    expect(admitted).toEqual(['busy', 'alice'])
  })
})

describe('a queue', () => {
  it('takes 1,000 packets of one source', () => {
    takes(256, 'hoarder')
    expect(waits(1_100, 'hoarder')).toBe(1_000)
  })

  it('has room for another source of the tenant, and for another tenant, however many packets wait', () => {
    takes(256, 'hoarder')
    places.counts = { shared: 256, spare: 0 }
    for (let n = 0; n < 20; n++) waits(1_100, `source ${n}`)
    expect(places.waiting).toBeLessThan(5_000)
    expect(waits(1, 'alice')).toBe(1)
    for (let n = 0; n < 20; n++) waits(1_100, `source ${n}`, 'tenant 2')
    expect(places.waiting).toBeLessThan(7_500)
    expect(waits(100, 'alice', 'tenant 3')).toBe(100)
  })

  it('comes before what arrives later', () => {
    takes(256, 'hoarder')
    waits(1, 'hoarder')
    expect(takes(1, 'hoarder')).toBe(0)
    places.counts = { shared: 257, spare: 0 }
    expect(takes(1, 'hoarder')).toBe(0)
    places.look()
    expect(admitted).toEqual(['hoarder'])
  })
})

describe('a packet whose time to wait is over', () => {
  beforeEach(() => {
    takes(256, 'hoarder')
    places.counts = { shared: 256, spare: 0 }
  })

  it('is refused, and what waits behind it is served', () => {
    waits(1, 'first', undefined, NOW_MS + 99)
    waits(1, 'second', undefined, NOW_MS + 100)
    clock.advance(100)
    places.look()
    expect(refused).toEqual(['first'])
    expect(places.waiting).toBe(1)
    release(1, 'hoarder')
    expect([admitted, refused]).toEqual([['second'], ['first']])
  })

  it('gets no place that becomes free before anybody has looked', () => {
    waits(1, 'first', undefined, NOW_MS + 99)
    waits(1, 'first', undefined, NOW_MS + 100)
    clock.advance(100)
    release(1, 'hoarder')
    expect([admitted, refused]).toEqual([['first'], ['first']])
    expect(places.taken).toBe(256)
  })
})

describe('a place that ends by time', () => {
  it('is taken until then', () => {
    takes(256, 'hoarder')
    waits(1, 'hoarder')
    places.releaseAfter(at('hoarder'), 1_000)
    clock.advance(999)
    places.look()
    expect(admitted).toEqual([])
    clock.advance(1)
    places.look()
    expect(admitted).toEqual(['hoarder'])
    release(256, 'hoarder')
    expect(places.isIdle).toBe(true)
  })
})

it('whatever comes and goes: no more places than there are, none free while a packet waits, each packet admitted once', () => {
  const source = fc.integer({ min: 0, max: 8 })
  const act = fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('arrive' as const), source }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('release' as const), source: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('expire' as const), source: fc.nat() }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('pass' as const), source: fc.integer({ max: 60, min: 0 }) }),
    },
  )
  fc.assert(
    fc.property(fc.array(act, { maxLength: 300 }), (acts) => {
      const now = new ManualClock(NOW_MS)
      const few = new FairPlaces(now, { shared: 6, spare: 3 })
      const held: SourcePlaces[] = []
      const answers: number[] = []
      for (const [n, { kind, source }] of acts.entries()) {
        if (kind === 'arrive') {
          const own = few.of(`source ${source}`, `tenant ${source % 3}`)
          if (few.take(own)) held.push(own)
          else {
            answers[n] = 0
            few.wait(own, now.nowMs() + source * 10, (hasPlace) => {
              answers[n] = (answers[n] ?? 0) + 1
              if (hasPlace) held.push(own)
            })
          }
        } else if (kind === 'pass') {
          now.advance(source)
          few.look()
        } else {
          const [own] = held.splice(source % Math.max(held.length, 1), 1)
          if (own && kind === 'release') few.release(own)
          else if (own) few.releaseAfter(own, 20)
        }
        expect(few.taken).toBeLessThanOrEqual(9)
        expect(few.taken).toBeGreaterThanOrEqual(few.waiting > 0 ? 6 : held.length)
      }
      for (let own = held.pop(); own; own = held.pop()) few.release(own)
      now.advance(1_000)
      few.look()
      for (let own = held.pop(); own; own = held.pop()) few.release(own)
      expect([few.isIdle, few.needsLook]).toEqual([true, false])
      expect(answers.every((count) => count === 1)).toBe(true)
    }),
  )
})
