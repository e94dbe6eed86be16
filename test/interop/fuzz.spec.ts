import type { Asset } from '@kivuko/assets'
import { conditionOf, decodeReply, encodePrepare, encodeReply, fulfill } from '@kivuko/ilp'
import type { Door } from '@kivuko/rooms'
import { Pool } from 'undici'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Listening, listen } from '../harness/listen.js'
import { times } from '../harness/run-form.js'
import { Draws } from '../harness/seed.js'
import { random } from '../harness/tries.js'
import { openMemoryDoor } from './memory-door.js'
import { MemoryNode } from './memory-node.js'

const PACKETS = times(1_500, 100_000)
const IN_FLIGHT = 16
const FULFILLMENT = Buffer.alloc(32, 7)
const HEADERS = { authorization: 'Bearer alice', 'content-type': 'application/octet-stream' }

const node = new MemoryNode({ ilpAddress: 'test.kivuko' })
const draws = new Draws('mutated packets')
let usd: Asset
let bob: Listening
let door: Door
let localAddress: string

beforeAll(async () => {
  bob = await listen((incoming, response) => {
    incoming.resume()
    // Half of the next hop's answers are as broken as the packets.
    const reply = encodeReply(fulfill(FULFILLMENT, Buffer.from('thanks')))
    response.end(draws.between(0, 1) === 0 ? reply : mutated(reply))
  })
  usd = await node.openAsset('USD', 2)
  const eur = await node.openAsset('EUR', 2)
  await node.addPeer(usd, { staticIlpAddress: 'test.alice', outgoingEndpoint: bob.url }, 'alice')
  await node.addPeer(usd, { staticIlpAddress: 'test.bob', outgoingEndpoint: bob.url }, 'bob')
  await node.addPeer(eur, { staticIlpAddress: 'test.emma', outgoingEndpoint: bob.url }, 'emma')
  localAddress = (await node.openReceiver(usd)).ilpAddress
  door = await openMemoryDoor(node)
})
afterAll(async () => {
  await door.close()
  await node.connector.beforeApplicationShutdown()
  await bob.close()
})

it(`${PACKETS} mutated packets are each answered with a packet, and leave nothing reserved`, {
  ...random,
  timeout: 1_800_000,
}, async () => {
  const pool = new Pool(door.url ?? '', { connections: IN_FLIGHT })
  let left = PACKETS
  const sendOn = async () => {
    while (left-- > 0) {
      const packet = mutated(prepare())
      const { statusCode, body } = await pool.request({ path: '/', method: 'POST', headers: HEADERS, body: packet })
      const answer = Buffer.from(await body.arrayBuffer())
      const hex = packet.toString('hex')
      // Of a packet that was cut down to nothing the door says that it is empty.
      if (packet.length === 0) expect([statusCode, hex]).toEqual([400, ''])
      else {
        expect([statusCode, hex]).toEqual([200, hex])
        expect(['fulfill', 'reject'], hex).toContain(decodeReply(answer).type)
      }
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, sendOn))
  await pool.close()
  expect(await node.ledger.openReservations({ limit: 10 })).toEqual([])
  for (const { debitsPosted, creditsPosted } of await node.ledger.totals()) expect(debitsPosted).toBe(creditsPosted)
})

function prepare(): Buffer {
  return encodePrepare({
    amount: BigInt(draws.between(0, 1_000)),
    expiresAt: new Date(node.clock.nowMs() + 10_000),
    executionCondition: conditionOf(FULFILLMENT),
    destination: ['test.bob.account', 'test.emma', localAddress, 'peer.config'][draws.between(0, 3)] ?? '',
    data: draws.bytes(draws.between(0, 200)),
  })
}

/** Up to three bytes changed, and one in five cut short. */
function mutated(original: Buffer): Buffer {
  const cut = draws.between(0, 4) === 0 ? draws.between(0, original.length) : 0
  const bytes = Buffer.from(original.subarray(0, original.length - cut))
  for (let changes = draws.between(0, 3); changes > 0 && bytes.length > 0; changes--) {
    bytes[draws.between(0, bytes.length - 1)] = draws.between(0, 255)
  }
  return bytes
}
