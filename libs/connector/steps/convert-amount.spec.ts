import { decodeAmountTooLarge } from '@kivuko/ilp'
import { DomainError } from '@kivuko/platform'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { newAsset, newPeer } from '../testing/accounts.js'
import { TestConnector } from '../testing/test-connector.js'

let node: TestConnector

beforeEach(async () => {
  node = await TestConnector.open()
})

describe('the amount of the next link', () => {
  it.each([
    ['test.bob', 12_345n, 12_345n, 'the same asset: unchanged'],
    ['test.emma', 10_000n, 9_000n, '100.00 USD × 0.90 = 90.00 EUR'],
    ['test.emma', 11n, 9n, '0.11 USD × 0.90 = 0.099 EUR, rounded down'],
    ['test.jun', 10_000n, 15_000n, '100.00 USD × 150 = 15,000 JPY (scale 0)'],
    ['test.jun', 199n, 298n, '1.99 USD × 150 = 298.5 JPY, rounded down'],
    ['test.fine', 100n, 10_000_000n, '1.00 USD at scale 7'],
  ])('to %s: %s becomes %s (%s)', async (destination, amount, expected) => {
    await node.addPeer(newPeer('jun', node.jpy))
    await node.addPeer(newPeer('fine', newAsset('USD', 7, 9)))
    node.answerAsPeer = async () => ({ kind: 'refused', message: 'not of interest here' })
    await node.sendFrom(node.alice, { destination, amount })
    expect(node.last?.destinationAmount).toBe(expected)
  })

  it('is refused with R01 when something would arrive as nothing', async () => {
    expect(await node.sendFrom(node.alice, { destination: 'test.emma', amount: 1n })).toMatchObject({
      code: 'R01',
      message: '1 of USD (scale 2) is less than the smallest unit of EUR (scale 2)',
    })
    expect(await node.gains(node.alice)).toEqual([0n])
  })

  it('is refused with F08, saying how much fits, when the ledger cannot hold it', async () => {
    const reply = await node.sendFrom(node.alice, { amount: 2n ** 63n })
    expect(reply).toMatchObject({ code: 'F08' })
    expect(decodeAmountTooLarge(reply.data)).toEqual({ receivedAmount: 2n ** 63n, maximumAmount: 2n ** 63n - 1n })
  })

  it('is refused with F08, in units of the source, when only the converted amount is too large', async () => {
    await node.addPeer(newPeer('fine', newAsset('USD', 12, 9)))
    const reply = await node.sendFrom(node.alice, { destination: 'test.fine', amount: 10n ** 9n })
    // 10^9 cents are 10^19 of 10^-12 USD; 9,223,372,036,854,775,807 / 10^10 = 922,337,203 cents fit.
    expect(decodeAmountTooLarge(reply.data)).toEqual({ receivedAmount: 10n ** 9n, maximumAmount: 922_337_203n })
    expect(reply).toMatchObject({
      code: 'F08',
      message: 'packet size too large. maxAmount=922337203 actualAmount=1000000000',
    })
  })
})

describe('a rate that is not in memory', () => {
  it('is waited for', async () => {
    vi.spyOn(node.rates, 'peek').mockReturnValueOnce(undefined)
    await node.sendFrom(node.alice, { destination: 'test.emma' })
    expect(node.sent).toMatchObject([{ prepare: { amount: 9_000n } }])
  })

  it('that nobody knows is a reason to try again later', async () => {
    vi.spyOn(node.rates, 'peek').mockReturnValue(undefined)
    vi.spyOn(node.rates, 'price').mockRejectedValue(new DomainError('unavailable', 'RatesUnavailable', 'secret URL'))
    expect(await node.sendFrom(node.alice, { destination: 'test.emma' })).toMatchObject({
      code: 'T00',
      message: 'no exchange rate from USD to EUR, try again later',
    })
  })

  it('is not asked for by a packet of amount 0', async () => {
    const peek = vi.spyOn(node.rates, 'peek')
    expect((await node.sendFrom(node.alice, { destination: 'test.emma', amount: 0n })).type).toBe('fulfill')
    expect(peek).not.toHaveBeenCalled()
  })
})
