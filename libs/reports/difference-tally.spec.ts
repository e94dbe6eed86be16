import { describe, expect, it } from 'vitest'
import { DifferenceTally, type OpenDifference, sumsByPeer } from './difference-tally.js'

let made = 0

function difference(changes: Partial<OpenDifference> = {}): OpenDifference {
  made += 1
  const ids = { id: `difference-${made}`, packetId: `packet-${made}`, peerId: 'b', paymentId: null }
  const notedAt = new Date(1_000 * made)
  return { ...ids, kind: 'released', peer: 'Bob', asset: 'USD/2', amount: 10n, notedAt, ...changes }
}

function tallied(differences: readonly OpenDifference[], maxPackets = 10) {
  const tally = new DifferenceTally(maxPackets)
  for (const each of differences) tally.add(each)
  return tally.result()
}

describe('a tally of differences', () => {
  it('sums up each kind of each peer, from the first to the last', () => {
    const [early, late] = [new Date(5_000), new Date(9_000)]
    const { sums } = tallied([
      difference({ notedAt: late }),
      difference({ notedAt: early, amount: 7n }),
      difference({ kind: 'doubtful', notedAt: late }),
      difference({ peerId: 'a', peer: 'Alice', notedAt: late }),
    ])
    expect(sums).toEqual([
      ...[{ kind: 'released', peerId: 'a', peer: 'Alice', asset: 'USD/2', packets: 1, amount: 10n }].map(
        at(late, late),
      ),
      ...[{ kind: 'doubtful', peerId: 'b', peer: 'Bob', asset: 'USD/2', packets: 1, amount: 10n }].map(at(late, late)),
      ...[{ kind: 'released', peerId: 'b', peer: 'Bob', asset: 'USD/2', packets: 2, amount: 17n }].map(at(early, late)),
    ])
  })

  it('keeps so many packets, the oldest first, and says how many it left off', () => {
    const all = [3_000, 1_000, 2_000, 500].map((ms) => difference({ notedAt: new Date(ms) }))
    const { packets, leftOff, sums } = tallied(all, 3)
    expect(packets.map(({ notedAt }) => notedAt.getTime())).toEqual([1_000, 2_000, 3_000])
    expect(leftOff).toBe(1)
    expect(sums).toMatchObject([{ packets: 4, amount: 40n }])
  })

  it('is summed by peer over all kinds, without what concerns no peer', () => {
    const [early, late] = [new Date(5_000), new Date(9_000)]
    const { sums } = tallied([
      difference({ notedAt: late }),
      difference({ kind: 'shortfall', notedAt: early, amount: 1n }),
      difference({ peerId: null, peer: 'own payments' }),
    ])
    expect(sumsByPeer(sums)).toEqual(
      [{ peerId: 'b', peer: 'Bob', asset: 'USD/2', packets: 2, amount: 11n }].map(at(early, late)),
    )
  })
})

function at(firstAt: Date, lastAt: Date) {
  return <T>(sum: T) => ({ ...sum, firstAt, lastAt })
}
