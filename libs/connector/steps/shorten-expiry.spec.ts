import { beforeEach, describe, expect, it } from 'vitest'
import { LOCAL_ADDRESS, NOW_MS, TestConnector } from '../testing/test-connector.js'

let node: TestConnector

beforeEach(async () => {
  node = await TestConnector.open()
})

async function outgoingTimeMs(incomingTimeMs: number): Promise<number | undefined> {
  await node.sendFrom(node.alice, { expiresAt: new Date(NOW_MS + incomingTimeMs) })
  const expiresAt = node.sent[0]?.prepare.expiresAt
  return expiresAt && expiresAt.getTime() - NOW_MS
}

describe('the expiry of the next link', () => {
  it.each([
    [20_000, 19_000],
    [2_000, 1_000],
    [31_000, 30_000],
    [31_001, 30_000],
    [600_000, 30_000],
  ])('a packet with %i ms to live has %i ms there', async (incoming, outgoing) => {
    expect(await outgoingTimeMs(incoming)).toBe(outgoing)
  })
})

describe('a packet that cannot be answered in time', () => {
  it('is refused with R02 when less than one message window would be left', async () => {
    expect(await node.sendFrom(node.alice, { expiresAt: new Date(NOW_MS + 1_999) })).toMatchObject({
      code: 'R02',
      message:
        'source transfer expires too soon to complete payment. actualSourceExpiry=2030-01-01T00:00:01.999Z requiredSourceExpiry=2030-01-01T00:00:02.000Z currentTime=2030-01-01T00:00:00.000Z',
    })
    expect(node.sent).toEqual([])
    expect(await node.gains(node.alice)).toEqual([0n])
  })

  it.each(['test.bob', LOCAL_ADDRESS])('is refused with R02 when it has expired (to %s)', async (destination) => {
    expect(await node.sendFrom(node.alice, { destination, expiresAt: new Date(NOW_MS) })).toMatchObject({
      code: 'R02',
      message:
        'source transfer has already expired. sourceExpiry=2030-01-01T00:00:00.000Z currentTime=2030-01-01T00:00:00.000Z',
    })
    expect(await node.gains(node.alice)).toEqual([0n])
  })

  it('needs no window when it ends here', async () => {
    const reply = await node.sendFrom(node.alice, { destination: LOCAL_ADDRESS, expiresAt: new Date(NOW_MS + 1) })
    expect(reply.type).toBe('fulfill')
  })
})
