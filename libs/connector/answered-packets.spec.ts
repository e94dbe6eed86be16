import { decodePrepare, fulfill, immutablePart } from '@kivuko/ilp'
import { beforeEach, describe, expect, it } from 'vitest'
import { AnsweredPackets } from './answered-packets.js'
import { newPacket, type Packet } from './packet.js'
import { PacketsInFlight } from './packets-in-flight.js'
import { peerAccount } from './peer-account.js'
import { SourceAnswers } from './source-answers.js'
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

describe('the answers of a source, to packets whose hashes agree', () => {
  const answerTo = (text: string) => fulfill(FULFILLMENT, Buffer.from(`to ${text}`))
  let answers: SourceAnswers

  beforeEach(() => {
    answers = new SourceAnswers(4)
  })

  const add = (text: string) => answers.add(packet(text), keyOf(packet(text)), HASH, answerTo(text))
  const find = (text: string) => answers.find(packet(text), keyOf(packet(text)), HASH)?.data.toString()

  it('are told apart by their bytes', () => {
    for (const text of ['a', 'b', 'c', 'd']) add(text)
    expect(['a', 'b', 'c', 'd', 'e'].map(find)).toEqual(['to a', 'to b', 'to c', 'to d', undefined])
  })

  it('are forgotten one by one, the oldest first, however often', () => {
    const texts = Array.from({ length: 20 }, (_, number) => `packet ${number}`)
    for (const [number, text] of texts.entries()) {
      add(text)
      const expected = texts.map((text, at) => (at <= number && at > number - 4 ? `to ${text}` : undefined))
      expect(texts.map(find)).toEqual(expected)
    }
  })

  it('leave their place to packets of other hashes', () => {
    for (const text of ['a', 'b', 'c', 'd']) add(text)
    answers.add(packet('other'), keyOf(packet('other')), HASH + 1, answerTo('other'))
    expect(['a', 'b', 'c', 'd'].map(find)).toEqual([undefined, 'to b', 'to c', 'to d'])
  })

  it('stay when there is room for more', () => {
    for (const text of ['a', 'b', 'c', 'd', 'e']) add(text)
    answers = answers.grown(16)
    for (const text of ['f', 'g']) add(text)
    expect(['a', 'b', 'e', 'f', 'g'].map(find)).toEqual([undefined, 'to b', 'to e', 'to f', 'to g'])
  })
})

describe('the answers of all sources', () => {
  const SOURCE_MOST = 16
  let answered: AnsweredPackets

  beforeEach(() => {
    answered = new AnsweredPackets(node.clock, 1, SOURCE_MOST, 2 * SOURCE_MOST)
  })

  const add = (text: string, source = node.alice) => {
    const one = packet(text, source)
    answered.add(one, keyOf(one), answered.hashOf(one.source, keyOf(one)), fulfill(FULFILLMENT, Buffer.from(text)))
  }
  const find = (text: string, source = node.alice) => {
    const one = packet(text, source)
    return answered.find(one, keyOf(one), answered.hashOf(one.source, keyOf(one)))?.data.toString()
  }

  it('are told apart by their source', () => {
    add('a')
    expect([find('a'), find('a', node.bob)]).toEqual(['a', undefined])
  })

  it('are not pushed out by what another source sends', () => {
    add('of bob', node.bob)
    for (let number = 0; number < 1_000; number++) add(`${number}`)
    expect([find('of bob', node.bob), find('999'), find('0')]).toEqual(['of bob', '999', undefined])
  })

  it('are kept for no further source without room, until others have expired', () => {
    add('of alice')
    add('of bob', node.bob)
    add('of emma', node.emma)
    expect(find('of emma', node.emma)).toBeUndefined()
    node.clock.advance(20_001)
    add('of emma', node.emma)
    expect([find('of emma', node.emma), find('of alice')]).toEqual(['of emma', undefined])
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
