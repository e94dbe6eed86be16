import { expect, it } from 'vitest'
import { times } from '../harness/run-form.js'
import { runSeed } from '../harness/seed.js'
import { random } from '../harness/tries.js'
import { explain, play, summaryOf } from './run.js'

const SEEDS = times(10, 200)
// What follows from a seed never changes: on a busy machine a run takes a second.
const LONGEST_MS = 30_000

// Less may be nothing in another currency.
const SMALLEST_EVERYWHERE = 2n

const seeds = Array.from({ length: SEEDS }, (_, number) => runSeed() + number)

it.each(seeds)(
  'whatever fails, the books of neighbours agree or the audit lists the difference (seed %i)',
  { ...random, timeout: LONGEST_MS },
  async (seed) => {
    const run = await play(seed, { isDisturbed: true })
    console.log(summaryOf(run))
    if (run.problems.length > 0) expect.fail(explain(run, againFor(seed)))
  },
)

it.each(seeds)(
  'where nothing fails, the books agree and nothing is listed (seed %i)',
  { ...random, timeout: LONGEST_MS },
  async (seed) => {
    const run = await play(seed, { isDisturbed: false })
    if (run.problems.length > 0) expect.fail(explain(run, againFor(seed)))
    expect({ differing: run.differing, listed: run.listed }).toEqual({ differing: 0, listed: [] })
    const { packets, fulfills } = run.scenario
    const least = fulfills < 100 ? 1 : packets.filter(({ amount }) => amount >= SMALLEST_EVERYWHERE).length
    expect(run.fulfilled).toBeGreaterThanOrEqual(least)
  },
)

it('a seed repeats its run', { ...random, timeout: LONGEST_MS }, async () => {
  const [first, second] = [await play(runSeed(), { isDisturbed: true }), await play(runSeed(), { isDisturbed: true })]
  expect(first.lines).toEqual(second.lines)
})

function againFor(seed: number): string {
  return `npx vitest run --project system --sequence.seed=${seed} test/simulation -t 'seed ${seed}'`
}
