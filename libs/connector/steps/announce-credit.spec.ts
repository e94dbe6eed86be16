import { beforeEach, describe, expect, it, vi } from 'vitest'
import { peerAccount } from '../peer-account.js'
import { bytesOf, LOCAL_ADDRESS, TestConnector } from '../testing/test-connector.js'
import { FULFILLMENT } from '../testing/test-receiver.js'
import { Unanswered } from '../unanswered.js'

let node: TestConnector

beforeEach(async () => {
  node = await TestConnector.open()
})

const here = { destination: LOCAL_ADDRESS }

describe('a packet that ends here', () => {
  it('is announced, charged and credited, with one call of the ledger', async () => {
    const transfer = vi.spyOn(node.ledger, 'transfer')
    const reserve = vi.spyOn(node.ledger, 'reserve')
    const reply = await node.sendFrom(node.alice, here)
    expect(reply).toMatchObject({ type: 'fulfill', fulfillment: FULFILLMENT, data: Buffer.from('thanks') })
    expect(await node.gains(node.alice, node.receiver)).toEqual([-10_000n, 10_000n])
    expect(node.receiver.told).toEqual(['announced 10000', 'credited 10000', 'answered 10000'])
    expect([transfer.mock.calls.length, reserve.mock.calls.length]).toEqual([1, 0])
  })

  it('is shown to the receiver in its own asset', async () => {
    // 90.00 EUR at 1/0.90 USD per EUR are 100.00 USD.
    await node.sendFrom(node.emma, { ...here, amount: 9_000n })
    expect(await node.gains(node.emma, node.eur, node.usd, node.receiver)).toEqual([-9_000n, 9_000n, -10_000n, 10_000n])
    expect(node.receiver.told).toEqual(['announced 10000', 'credited 10000', 'answered 10000'])
  })

  it('is answered before anything is announced or charged when nobody can fulfill it', async () => {
    const transfer = vi.spyOn(node.ledger, 'transfer')
    const reply = await node.sendFrom(node.alice, { ...here, amount: 10n ** 12n, executionCondition: Buffer.alloc(32) })
    expect(reply).toMatchObject({
      code: 'F05',
      triggeredBy: LOCAL_ADDRESS,
      data: Buffer.from('received 1000000000000'),
    })
    expect(node.receiver.told).toEqual([])
    expect(transfer).not.toHaveBeenCalled()
  })

  it('of amount 0 is answered without announcement and ledger', async () => {
    const transfer = vi.spyOn(node.ledger, 'transfer')
    expect((await node.sendFrom(node.alice, { ...here, amount: 0n })).type).toBe('fulfill')
    expect(node.receiver.told).toEqual([])
    expect(transfer).not.toHaveBeenCalled()
  })

  it('is refused as the receiver says', async () => {
    node.receiver.refusal = { code: 'F99', message: 'the incoming payment is completed' }
    expect(await node.sendFrom(node.alice, here)).toMatchObject({
      code: 'F99',
      message: 'the incoming payment is completed',
      triggeredBy: 'test.kivuko',
    })
    expect(await node.gains(node.alice, node.receiver)).toEqual([0n, 0n])
  })

  it('is released when its source lacks the money', async () => {
    expect(await node.sendFrom(node.alice, { ...here, amount: 1_000_001n })).toMatchObject({ code: 'T04' })
    expect(node.receiver.told).toEqual(['announced 1000001', 'released 1000001'])
  })

  it('is released, and its receiver has to look again, when others have been credited what is missing', async () => {
    vi.spyOn(node.ledger, 'transfer').mockResolvedValue({ kind: 'refused', leg: 0, refusal: 'insufficient-room' })
    expect(await node.sendFrom(node.alice, here)).toMatchObject({
      code: 'T99',
      message: 'others have paid the incoming-payment meanwhile, try again',
    })
    expect(node.receiver.told).toEqual(['announced 10000', 'released 10000', 'overtaken'])
  })

  it('is not answered when the ledger does not confirm it: a reject would deny what may stand', async () => {
    const transfer = node.ledger.transfer.bind(node.ledger)
    vi.spyOn(node.ledger, 'transfer').mockImplementation(async (legs) => {
      await transfer(legs)
      return { kind: 'unknown', message: 'no answer' }
    })
    await expect(node.sendFrom(node.alice, here)).rejects.toThrow(Unanswered)
    expect(await node.gains(node.receiver)).toEqual([10_000n])
    expect(node.receiver.told).toEqual(['announced 10000', 'released 10000', 'uncertain'])
    expect(await node.metrics.text()).toMatch(/unconfirmed_ledger_calls\{verb="transfer",result="given-up".*\} 1/)
  })

  it('is not answered when the ledger has credited it and then cannot be read', async () => {
    const transfer = node.ledger.transfer.bind(node.ledger)
    vi.spyOn(node.ledger, 'transfer').mockImplementationOnce(async (legs) => {
      await transfer(legs)
      return { kind: 'unknown', message: 'no answer' }
    })
    vi.spyOn(node.ledger, 'lookup').mockRejectedValue(new Error('the ledger could not be read'))
    await expect(node.sendFrom(node.alice, here)).rejects.toThrow('could not be read')
    expect(node.receiver.told.slice(1)).toEqual(['released 10000', 'uncertain'])
  })

  it('is charged before it expires or not at all', async () => {
    const transfer = vi.spyOn(node.ledger, 'transfer')
    const expiresAtMs = node.clock.nowMs() + 5_000
    await node.sendFrom(node.alice, { ...here, expiresAt: new Date(expiresAtMs) })
    expect(transfer.mock.calls).toEqual([[expect.anything(), expiresAtMs]])
  })

  it('is fulfilled even when its receiver cannot be told', async () => {
    vi.spyOn(node.receiver, 'credited').mockRejectedValue(new Error('the database is away'))
    expect((await node.sendFrom(node.alice, here)).type).toBe('fulfill')
    expect(await node.gains(node.receiver)).toEqual([10_000n])
  })

  it('is answered alike, and credited once, when the same bytes come again', async () => {
    const bytes = bytesOf(here)
    await node.sendBytes(peerAccount(node.alice), bytes)
    const again = await node.restarted().sendBytes(peerAccount(node.alice), bytes)
    expect(again).toMatchObject({ type: 'fulfill', fulfillment: FULFILLMENT })
    expect(await node.gains(node.alice, node.receiver)).toEqual([-10_000n, 10_000n])
    expect(node.receiver.told.slice(3)).toEqual(['announced 10000', 'released 10000', 'answered 10000 again'])
  })

  it('is not refused for good while it cannot be read whether it was the last one', async () => {
    const bytes = bytesOf(here)
    await node.sendBytes(peerAccount(node.alice), bytes)
    node.receiver.refusal = { code: 'F07', message: 'the incoming payment is completed' }
    vi.spyOn(node.ledger, 'lookup').mockRejectedValue(new Error('the ledger could not be read'))
    await expect(node.restarted().sendBytes(peerAccount(node.alice), bytes)).rejects.toThrow(Unanswered)
  })

  it('is answered alike when it was the last one and the receiver takes no more', async () => {
    const bytes = bytesOf(here)
    await node.sendBytes(peerAccount(node.alice), bytes)
    node.receiver.refusal = { code: 'F99', message: 'the incoming payment is completed' }
    const again = await node.restarted().sendBytes(peerAccount(node.alice), bytes)
    expect(again).toMatchObject({ type: 'fulfill', fulfillment: FULFILLMENT })
    expect(await node.gains(node.receiver)).toEqual([10_000n])
  })

  it.each(['alice', 'emma'] as const)(
    'from %s is credited as far as it is taken; the rest stays in the asset',
    async (name) => {
      const from = node[name]
      node.receiver.missing = 9_995n
      // 90.00 EUR are 100.00 USD.
      const bytes = bytesOf({ ...here, amount: name === 'emma' ? 9_000n : 10_000n })
      expect((await node.sendBytes(peerAccount(from), bytes)).type).toBe('fulfill')
      expect(node.receiver.told).toEqual(['announced 10000', 'credited 9995', 'answered 9995'])
      const [source, liquidity] = name === 'emma' ? [-9_000n, -9_995n] : [-10_000n, 5n]
      expect(await node.gains(from, node.usd, node.receiver)).toEqual([source, liquidity, 9_995n])
      expect(await node.metrics.text()).toMatch(/kept_surplus_value\{asset="USD",scale="2".*\} 5/)
      for (const { debitsPosted, creditsPosted } of await node.ledger.totals()) expect(debitsPosted).toBe(creditsPosted)

      // Again, now that nothing is missing any more, and to a receiver that would take all of it.
      node.receiver.refusal = { code: 'F99', message: 'the incoming payment is completed' }
      expect((await node.restarted().sendBytes(peerAccount(from), bytes)).type).toBe('fulfill')
      node.receiver.refusal = undefined
      node.receiver.missing = undefined
      expect((await node.restarted().sendBytes(peerAccount(from), bytes)).type).toBe('fulfill')
      expect(node.receiver.told.slice(3)).toEqual([
        ...['announced 10000', 'answered 9995 again'],
        ...['announced 10000', 'released 10000', 'answered 9995 again'],
      ])
      expect(await node.gains(node.receiver)).toEqual([9_995n])
    },
  )
})
