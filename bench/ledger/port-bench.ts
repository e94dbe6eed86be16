import type { Ledger } from '@kivuko/accounting'
import { PairBench } from './pairs.js'
import { IN_FLIGHT, MILLION, ROUNDS, SLICE_MS } from './plan.js'
import { Readings } from './slices.js'

/** An adapter whose ceiling is its own matter: through the port, empty and then with a million transfers. */
export async function benchPort(ledger: Ledger): Promise<Record<string, unknown>> {
  const bench = await PairBench.open(ledger)
  const readings = new Readings()
  await bench.run(64, SLICE_MS)
  for (let round = 0; round < ROUNDS; round++) {
    for (const inFlight of IN_FLIGHT) readings.addRun(inFlight, await bench.run(inFlight, SLICE_MS))
  }
  await bench.fill(MILLION)
  for (let round = 0; round < ROUNDS; round++) {
    readings.add('afterMillion', 64, (await bench.run(64, SLICE_MS)).pairsPerSecond)
  }
  await bench.checkSums()
  return {
    pairsPerSecond: readings.of('pairsPerSecond', IN_FLIGHT),
    afterMillion: readings.of('afterMillion', [64]),
    p50Ms: readings.of('p50Ms', [1], 3),
  }
}
