import { decodeReply, encodeReply, fulfill, type Reply, reject } from '@kivuko/ilp'
import { describe, expect, it } from 'vitest'
import type { PacketSource } from './packet-source.js'
import { makeIlpPlugin } from './plugin.js'
import { newAsset, newId, TENANT_ID } from './testing/accounts.js'

const source = {
  kind: 'payment',
  id: newId(),
  tenantId: TENANT_ID,
  accountId: 1n,
  asset: newAsset('USD', 2, 1),
  unfulfillable: false,
} as const

const fromReceiver = Buffer.alloc(60, 7)

async function asPaySeesIt(reply: Reply): Promise<Reply> {
  const plugin = makeIlpPlugin({ handle: async () => encodeReply(reply) }, source)
  return decodeReply(await plugin.sendData(Buffer.alloc(0)))
}

describe('the plugin', () => {
  it('sends as its source', async () => {
    const sources: PacketSource[] = []
    const handle = async (_: Buffer, from: PacketSource) => {
      sources.push(from)
      return Buffer.alloc(0)
    }
    await makeIlpPlugin({ handle }, source).sendData(Buffer.alloc(0))
    expect(sources).toEqual([source])
  })

  it("keeps the sender's bytes as they are", async () => {
    const bytes = Buffer.from('prepare')
    const handle = async (given: Buffer) => given.fill(0)
    await makeIlpPlugin({ handle }, source).sendData(bytes)
    expect(bytes.toString()).toBe('prepare')
  })

  it('is connected until it is told otherwise', async () => {
    const plugin = makeIlpPlugin({ handle: async () => Buffer.alloc(0) }, source)
    expect(plugin.isConnected()).toBe(true)
    await plugin.disconnect()
    expect(plugin.isConnected()).toBe(false)
    await plugin.connect()
    expect(plugin.isConnected()).toBe(true)
  })

  it.each(['F05', 'F04'] as const)("hands a receiver's %s to the sender as F99, all else unchanged", async (code) => {
    const reply = reject(code, 'test.bob', 'said the receiver', fromReceiver)
    expect(await asPaySeesIt(reply)).toEqual({ ...reply, code: 'F99' })
  })

  it.each([
    ["a connector's F05 without STREAM data", reject('F05', 'test.kivuko', 'fulfillment did not match')],
    ['data too short for STREAM', reject('F04', 'test.bob', '', Buffer.alloc(28))],
    ["a receiver's F99", reject('F99', 'test.bob', '', fromReceiver)],
    ['an F08 with its amounts', reject('F08', 'test.bob', '', Buffer.alloc(16))],
    ['an F02 with data', reject('F02', 'test.bob', '', fromReceiver)],
    ['a fulfill', fulfill(Buffer.alloc(32), fromReceiver)],
  ])('hands on as it is: %s', async (_, reply) => {
    expect(await asPaySeesIt(reply)).toEqual(reply)
  })
})
