import { decodePrepare, fulfill, reject } from '@kivuko/ilp'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Delivery } from '../deliver.js'
import { newPacket, type Packet } from '../packet.js'
import { peerAccount } from '../peer-account.js'
import { bytesOf, NOW_MS, replied, TestConnector } from '../testing/test-connector.js'
import { FULFILLMENT } from '../testing/test-receiver.js'
import { joinDuplicates } from './join-duplicates.js'

let node: TestConnector
let answers: ((delivery: Delivery) => void)[]

beforeEach(async () => {
  node = await TestConnector.open()
  answers = []
  node.answerAsPeer = () => new Promise((resolve) => answers.push(resolve))
})

async function whileInFlight(...changes: Parameters<typeof bytesOf>[0][]): Promise<number> {
  const replies = changes.map((change) => node.sendFrom(node.alice, change))
  await new Promise((resolve) => setTimeout(resolve, 5))
  for (const answer of answers) answer(replied(fulfill(FULFILLMENT)))
  for (const reply of await Promise.all(replies)) expect(reply.type).toBe('fulfill')
  return node.sent.length
}

describe('a packet that repeats one in flight from the same source', () => {
  it('shares its outcome, and is charged once', async () => {
    expect(await whileInFlight({}, {}, {})).toBe(1)
    expect(await node.gains(node.alice, node.bob)).toEqual([-10_000n, 10_000n])
  })

  it('may have a smaller amount and an earlier expiry', async () => {
    const earlier = new Date(NOW_MS + 19_000)
    expect(await whileInFlight({}, { amount: 9_999n }, { expiresAt: earlier })).toBe(1)
  })

  it.each([
    ['a larger amount', { amount: 10_001n }],
    ['a later expiry', { expiresAt: new Date(NOW_MS + 20_001) }],
    ['another destination', { destination: 'test.bob.other' }],
    ['other data', { data: Buffer.from('other') }],
  ])('is a packet of its own with %s', async (_, change) => {
    expect(await whileInFlight({}, change)).toBe(2)
  })

  it('is a packet of its own when it comes from another source', async () => {
    const first = node.sendFrom(node.alice, { destination: 'test.emma' })
    const second = node.sendFrom(node.bob, { destination: 'test.emma' })
    await new Promise((resolve) => setTimeout(resolve, 5))
    for (const answer of answers) answer(replied(fulfill(FULFILLMENT)))
    await Promise.all([first, second])
    expect(node.sent).toHaveLength(2)
  })
})

describe('what is remembered', () => {
  function packet(text: string): Packet {
    const bytes = bytesOf({ data: Buffer.from(text) })
    return newPacket(bytes, decodePrepare(bytes), peerAccount(node.alice), NOW_MS)
  }

  it('is a fulfill, whose answer may have been lost on its way back', async () => {
    let asked = 0
    const handle = joinDuplicates(node.clock)(async () => {
      asked++
      return fulfill(FULFILLMENT)
    })
    await handle(packet('a'))
    await handle(packet('a'))
    expect(asked).toBe(1)
  })

  it.each([0, 1, 150, 192, 193, 1_024])('is its answer to the byte, with %s bytes of data each way', async (length) => {
    let asked = 0
    const handle = joinDuplicates(node.clock)(async ({ prepare }) => {
      asked++
      return fulfill(FULFILLMENT, Buffer.from(prepare.data).reverse())
    })
    const long = packet('first'.repeat(length + 1).slice(0, length))
    const first = await handle(long)
    expect(await handle(long)).toEqual(first)
    expect(asked).toBe(1)
  })

  it('is no answer of a receiver that says very much: the ledger keeps that one', async () => {
    let asked = 0
    const handle = joinDuplicates(node.clock)(async () => {
      asked++
      return fulfill(FULFILLMENT, Buffer.alloc(1_025))
    })
    for (const text of ['a', 'a']) await handle(packet(text))
    expect(asked).toBe(2)
  })

  it('is no answer to more money, to more time, or to another source', async () => {
    let asked = 0
    const handle = joinDuplicates(node.clock)(async () => {
      asked++
      return fulfill(FULFILLMENT)
    })
    const like = (change: Parameters<typeof bytesOf>[0], source = node.alice) => {
      const bytes = bytesOf(change)
      return handle(newPacket(bytes, decodePrepare(bytes), peerAccount(source), NOW_MS))
    }
    await like({})
    for (const change of [{}, { amount: 9_999n }, { expiresAt: new Date(NOW_MS + 19_000) }]) await like(change)
    expect(asked).toBe(1)
    await like({}, node.bob)
    await like({})
    expect(asked).toBe(2)
    await like({ amount: 10_001n })
    await like({ expiresAt: new Date(NOW_MS + 20_001) })
    await like({ data: Buffer.from('other') })
    expect(asked).toBe(5)
  })

  it('is no reject, and no failure', async () => {
    let asked = 0
    const handle = joinDuplicates(node.clock)(async () => {
      asked++
      if (asked === 2) throw new Error('a bug')
      return reject('T04', 'test.bob', 'no funds')
    })
    await handle(packet('a'))
    await expect(handle(packet('a'))).rejects.toThrow('a bug')
    await handle(packet('a'))
    expect(asked).toBe(3)
  })
})
