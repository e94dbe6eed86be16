import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { hasRedis } from '../harness/redis.js'
import { runSeed } from '../harness/seed.js'
import { random } from '../harness/tries.js'
import { FaultyNetwork, type Site } from './faulty-network.js'
import { metNothing } from './in-flight.js'
import { lineOf, playRound, type Round } from './round.js'
import { summaryOf } from './summary.js'

// Far beyond what a round takes: one that hangs fails by its own deadlines first.
const LONGEST_ROUND_MS = 120_000
// Two database servers and five processes, on a machine that does other things too.
const LONGEST_START_MS = 300_000
// Rounds that met nothing are played again, but not for ever.
const ROUNDS_PER_COUNTED = 2

const { rounds, from, only } = inject('faults')
const seed = runSeed()

let network: FaultyNetwork

beforeAll(async () => {
  const onRedis = seed % 2 === 0 ? 'a' : 'b'
  network = await FaultyNetwork.start(hasRedis('faults') ? onRedis : undefined)
}, LONGEST_START_MS)
afterAll(() => network?.stop())

describe('whatever fails while payments are under way', random, () => {
  it(
    'every payment ends, every unit is where both ledgers say, and every webhook arrives',
    async () => {
      const played: Round[] = []
      const counted = () => played.filter(({ inFlight }) => !metNothing(inFlight)).length
      for (let number = from; counted() < rounds && played.length < rounds * ROUNDS_PER_COUNTED; number += 1) {
        const round = await playRound(network, { number, seed, only })
        played.push(round)
        console.log(`${lineOf(round)}${metNothing(round.inFlight) ? ' | not counted' : ''}`)
        const again = `npm run test:faults -- --seed ${seed} --from ${number} --rounds 1${only && ` --only '${only}'`}`
        expect(round.problems, `round ${number}; again: ${again}`).toEqual([])
      }
      console.log(summaryOf(played))
      expect(counted(), 'rounds that met packets, jobs and payments').toBe(rounds)
      for (const site of network.sites) await closeDifferences(site)
    },
    rounds * LONGEST_ROUND_MS,
  )
})

/** As two operators do who have compared their books: each difference is closed, and listed no more. */
async function closeDifferences({ node }: Site): Promise<void> {
  const closed = new Set((await node.audit()).differences.packets.map(({ id }) => id))
  for (const id of closed) await node.admin.closeBookDifference(id, 'compared after a fault', 0n)
  const { packets } = (await node.audit()).differences
  expect(packets.filter(({ id }) => closed.has(id))).toEqual([])
}
