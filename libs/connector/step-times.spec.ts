import { fulfill, type Prepare } from '@kivuko/ilp'
import { Metrics } from '@kivuko/platform'
import { afterEach, expect, it, vi } from 'vitest'
import { newPacket, type Packet } from './packet.js'
import type { Handler, Step } from './step.js'
import { StepTimes } from './step-times.js'
import { TestConnector } from './testing/test-connector.js'

const REPLY = fulfill(Buffer.alloc(32))
let nowMs = 0

/** By the watch of this test, which stands still otherwise. */
const lasts =
  (ms: number): Step =>
  (next) =>
  async (packet) => {
    nowMs += ms
    return next(packet)
  }

afterEach(() => {
  vi.restoreAllMocks()
})

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
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
  const metrics = new Metrics('test')
  const last: Handler = async () => REPLY
  const handle = new StepTimes(metrics, 3).fold({ outer: lasts(1), slow: lasts(40), quick: lasts(2) }, last)
  const packet = await somePacket()
  for (let packets = 0; packets < 6; packets++) expect(await handle({ ...packet })).toBe(REPLY)
  const text = await metrics.text()
  // What the slow step takes is not counted again by the one around it.
  const secondsBySteps = { outer: 0.002, slow: 0.08, quick: 0.004, deliver: 0 }
  for (const [step, seconds] of Object.entries(secondsBySteps)) {
    const told = toldOf(text, step)
    expect(told.packets).toBe(2)
    expect(told.seconds).toBeCloseTo(seconds, 9)
  }
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
