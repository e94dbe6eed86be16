import { expect, it } from 'vitest'
import { Metrics } from './metrics.js'

it('answers the same metric for the same name, and tells all of them with the name of the node', async () => {
  const metrics = new Metrics('north')
  metrics.counter('kivuko_packets_total', 'Packets', ['outcome']).inc({ outcome: 'fulfill' })
  metrics.counter('kivuko_packets_total', 'Packets', ['outcome']).inc({ outcome: 'fulfill' })
  metrics.histogram('kivuko_seconds', 'Seconds').observe(0.002)
  const text = await metrics.text()
  expect(text).toContain('kivuko_packets_total{outcome="fulfill",node="north"} 2')
  expect(text).toContain('kivuko_seconds_bucket{le="0.005",node="north"} 1')
})
