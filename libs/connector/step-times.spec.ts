import { fulfill, type Prepare } from '@kivuko/ilp'
import { Metrics } from '@kivuko/platform'
import { expect, it } from 'vitest'
import { newPacket, type Packet } from './packet.js'
import type { Handler, Step } from './step.js'
import { StepTimes } from './step-times.js'
import { TestConnector } from './testing/test-connector.js'

const REPLY = fulfill(Buffer.alloc(32))
const lasts =
  (ms: number): Step =>
  (next) =>
  async (packet) => {
    await new Promise((resolve) => setTimeout(resolve, ms))
    return next(packet)
  }

async function somePacket(): Promise<Packet> {
  const { usd, alice } = await TestConnector.open()
  const prepare: Prepare = {
    ...{ amount: 1n, expiresAt: new Date(0), executionCondition: Buffer.alloc(32), destination: 'test.x' },
    data: Buffer.alloc(0),
  }
  const source = {
    kind: 'peer',
    id: alice.id,
    tenantId: alice.tenantId,
    accountId: 1n,
    asset: usd,
    peer: alice,
  } as const
  return newPacket(Buffer.alloc(0), prepare, source, 0)
}

/** Seconds and packets that the metrics tell of one step. */
function toldOf(text: string, step: string): { seconds: number; packets: number } {
  const value = (suffix: string) =>
    Number.parseFloat(new RegExp(`step_seconds_${suffix}\\{[^}]*step="${step}"[^}]*\\} (\\S+)`).exec(text)?.[1] ?? '0')
  return { seconds: value('sum'), packets: value('count') }
}

it('measures each step by itself, of every so many packets one', async () => {
  const metrics = new Metrics('test')
  const last: Handler = async () => REPLY
  const handle = new StepTimes(metrics, 3).fold({ slow: lasts(40), quick: lasts(0) }, last)
  const packet = await somePacket()
  for (let packets = 0; packets < 6; packets++) expect(await handle({ ...packet })).toBe(REPLY)
  const text = await metrics.text()
  const slow = toldOf(text, 'slow')
  const quick = toldOf(text, 'quick')
  expect([slow.packets, quick.packets, toldOf(text, 'deliver').packets]).toEqual([2, 2, 2])
  expect(slow.seconds).toBeGreaterThanOrEqual(0.078)
  // What the slow step takes is not counted again by those around it.
  expect(quick.seconds).toBeLessThan(0.04)
})

it('measures also what is refused, and leaves a fault a fault', async () => {
  const metrics = new Metrics('test')
  const refuse: Step = () => async () => REPLY
  const fail: Step = () => async () => {
    throw new Error('a bug')
  }
  const packet = await somePacket()
  await new StepTimes(metrics, 1).fold({ first: refuse }, async () => REPLY)(packet)
  await expect(new StepTimes(metrics, 1).fold({ broken: fail }, async () => REPLY)(packet)).rejects.toThrow('a bug')
  const text = await metrics.text()
  expect([toldOf(text, 'first').packets, toldOf(text, 'broken').packets]).toEqual([1, 1])
  expect(toldOf(text, 'deliver').packets).toBe(0)
})
