import { decodePrepare, fulfill, immutablePart } from '@kivuko/ilp'
import { beforeEach, describe, expect, it } from 'vitest'
import { AnsweredPackets } from './answered-packets.js'
import { newPacket, type Packet } from './packet.js'
import { PacketsInFlight } from './packets-in-flight.js'
import { peerAccount } from './peer-account.js'
import { bytesOf, NOW_MS, TestConnector } from './testing/test-connector.js'
import { FULFILLMENT } from './testing/test-receiver.js'

// All of them at one place, as packets are whose hashes happen to agree.
const HASH = 7

let node: TestConnector

beforeEach(async () => {
  node = await TestConnector.open()
})

function packet(text: string, source = node.alice): Packet {
  const bytes = bytesOf({ data: Buffer.from(text) })
  return newPacket(bytes, decodePrepare(bytes), peerAccount(source), NOW_MS)
}

function keyOf({ bytes }: Packet): Buffer {
  return immutablePart(bytes)
}

describe('answered packets whose hashes agree', () => {
  const answerTo = (text: string) => fulfill(FULFILLMENT, Buffer.from(`to ${text}`))
  let answered: AnsweredPackets

  beforeEach(() => {
    answered = new AnsweredPackets(3, 1)
  })

  const add = (text: string) => answered.add(packet(text), keyOf(packet(text)), HASH, answerTo(text))
  const find = (text: string, source = node.alice) =>
    answered.find(packet(text, source), keyOf(packet(text)), HASH)?.data.toString()

  it('are told apart by their bytes and their source', () => {
    for (const text of ['a', 'b', 'c']) add(text)
    expect(['a', 'b', 'c', 'd'].map((text) => find(text))).toEqual(['to a', 'to b', 'to c', undefined])
    expect(find('a', node.bob)).toBeUndefined()
  })

  it('are forgotten one by one, the oldest first, however often', () => {
    const texts = Array.from({ length: 20 }, (_, number) => `packet ${number}`)
    for (const [number, text] of texts.entries()) {
      add(text)
      const known = texts.map((text) => find(text))
      const expected = texts.map((text, at) => (at <= number && at > number - 3 ? `to ${text}` : undefined))
      expect(known).toEqual(expected)
    }
  })

  it('leave their place to packets of other hashes', () => {
    for (const text of ['a', 'b', 'c']) add(text)
    answered.add(packet('other'), keyOf(packet('other')), HASH + 1, answerTo('other'))
    expect(['a', 'b', 'c'].map((text) => find(text))).toEqual([undefined, 'to b', 'to c'])
  })
})

describe('packets in flight whose hashes agree', () => {
  it('are told apart by their bytes and their source, and leave in any order', () => {
    const inFlight = new PacketsInFlight()
    const find = (text: string, source = node.alice) =>
      inFlight.find(packet(text, source), keyOf(packet(text)), HASH)?.packet.prepare.data.toString()
    const leaders = ['a', 'b', 'c', 'd'].map((text) =>
      inFlight.add(packet(text), keyOf(packet(text)), HASH, new Promise(() => undefined)),
    )
    expect(['a', 'b', 'c', 'd', 'e'].map((text) => find(text))).toEqual(['a', 'b', 'c', 'd', undefined])
    expect(find('a', node.bob)).toBeUndefined()
    const left = ['a', 'b', 'c', 'd']
    for (const text of ['b', 'd', 'a', 'c']) {
      const leader = leaders.find(({ packet }) => packet.prepare.data.toString() === text)
      if (leader) inFlight.delete(leader)
      left.splice(left.indexOf(text), 1)
      expect(['a', 'b', 'c', 'd'].filter((text) => find(text) !== undefined)).toEqual(left)
    }
  })
})
