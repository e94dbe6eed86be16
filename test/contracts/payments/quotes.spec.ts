import type { IncomingPayment } from '@kivuko/incoming-payments'
import { SystemClock } from '@kivuko/platform'
import type { NewQuote, Quote } from '@kivuko/quotes'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitFor } from '../../harness/wait-for.js'
import { Bank, OPERATOR } from './payments-process.js'

const NOBODY = '99999999-9999-4999-8999-999999999999'
const LIFESPAN_MS = 60_000
const clock = new SystemClock()

let bank: Bank

beforeAll(async () => {
  bank = await Bank.open('quotes', { QUOTE_LIFESPAN: `${LIFESPAN_MS}` })
})
afterAll(() => bank.close())

const usd = (value: bigint) => ({ value, assetCode: 'USD', assetScale: 2 })
const eur = (value: bigint) => ({ value, assetCode: 'EUR', assetScale: 2 })

async function quote(input: Partial<NewQuote> = {}, receiver?: IncomingPayment): Promise<Quote> {
  const url = bank.rooms.incomingPayments.url(receiver ?? (await bank.ask()))
  return bank.rooms.quotes.create({ tenantId: OPERATOR, walletAddressId: bank.alice.id, receiver: url, ...input })
}

describe('a quote', () => {
  it('is kept as it was given', async () => {
    const made = await quote({ debitAmount: usd(1_000n) })
    expect(made).toMatchObject({
      method: 'local',
      debitAmount: 1_000n,
      debitAmountMinusFees: 1_000n,
      receiveAmount: 910n,
      receiveAssetCode: 'EUR',
      receiveAssetScale: 2,
      feeId: null,
    })
    expect(await bank.rooms.quotes.get(OPERATOR, made.id)).toEqual(made)
    await expect(bank.rooms.quotes.get(NOBODY, made.id)).rejects.toMatchObject({ reason: 'UnknownQuote' })
  })

  it('is for the debit, the receipt, or what the receiver still asks for', async () => {
    // 9.10 EUR ÷ 0.91 = 10.00 USD.
    expect(await quote({ receiveAmount: eur(910n) })).toMatchObject({ debitAmount: 1_000n, receiveAmount: 910n })
    const receiver = await bank.ask({ incomingAmount: 1_000n })
    await bank.credit(receiver, 90n)
    expect(await quote({}, receiver)).toMatchObject({ debitAmount: 1_000n, receiveAmount: 910n })
  })

  it('charges the fee in force', async () => {
    const fee = await bank.rooms.assets.setFee({
      tenantId: OPERATOR,
      assetId: bank.usd.id,
      type: 'SENDING',
      fixed: 100n,
      basisPoints: 200,
    })
    try {
      // 100.00 less 1.00 and 2 % is 97.00; at 0.91 that is 88.27.
      expect(await quote({ debitAmount: usd(10_000n) })).toMatchObject({
        debitAmountMinusFees: 9_700n,
        receiveAmount: 8_827n,
        feeId: fee.id,
      })
      // 2 cents for the receiver's 1, and what is left of 1.05 after the fee is 2 cents.
      await expect(quote({ debitAmount: usd(104n) })).rejects.toMatchObject({
        reason: 'NonPositiveReceiveAmount',
        message: expect.stringContaining('non-positive receive amount'),
        details: { minSendAmount: usd(105n) },
      })
      expect(await quote({ debitAmount: usd(105n) })).toMatchObject({ receiveAmount: 1n })
    } finally {
      const none = { tenantId: OPERATOR, assetId: bank.usd.id, type: 'SENDING', fixed: 0n, basisPoints: 0 } as const
      await bank.rooms.assets.setFee(none)
    }
  })

  it('stands for its lifespan, or as long as the receiver', async () => {
    const standing = await quote({ debitAmount: usd(1_000n) })
    expect(standing.expiresAt.getTime() - standing.createdAt.getTime()).toBe(LIFESPAN_MS)
    const expiresAt = new Date(clock.nowMs() + 5_000)
    expect((await quote({ debitAmount: usd(1_000n) }, await bank.ask({ expiresAt }))).expiresAt).toEqual(expiresAt)
  })
})

describe('a quote is refused', () => {
  it('for amounts that are no order', async () => {
    const invalid = { kind: 'invalid', reason: 'InvalidAmount' }
    await expect(quote()).rejects.toMatchObject(invalid)
    await expect(quote({ debitAmount: usd(1n), receiveAmount: eur(1n) })).rejects.toMatchObject(invalid)
    await expect(quote({ debitAmount: usd(0n) })).rejects.toMatchObject(invalid)
    await expect(quote({ debitAmount: usd(2n ** 64n) })).rejects.toMatchObject(invalid)
    await expect(quote({ debitAmount: eur(100n) })).rejects.toMatchObject(invalid)
    await expect(quote({ receiveAmount: usd(100n) })).rejects.toMatchObject(invalid)
  })

  it('when more would arrive than the receiver asks for', async () => {
    const receiver = await bank.ask({ incomingAmount: 909n })
    const tooMuch = { reason: 'InvalidAmount', details: { missingAmount: 909n } }
    await expect(quote({ receiveAmount: eur(910n) }, receiver)).rejects.toMatchObject(tooMuch)
    await expect(quote({ debitAmount: usd(1_000n) }, receiver)).rejects.toMatchObject(tooMuch)
  })

  it('for a receiver that takes no money', async () => {
    const completed = await bank.ask({ incomingAmount: 100n })
    await bank.credit(completed, 100n)
    const refused = { kind: 'invalid', reason: 'InvalidReceiver' }
    await expect(quote({}, completed)).rejects.toMatchObject(refused)
    const expired = await bank.ask({ expiresAt: new Date(clock.nowMs() + 50) })
    await waitFor('it has expired', () => clock.nowMs() >= expired.expiresAt.getTime())
    await expect(quote({ debitAmount: usd(100n) }, expired)).rejects.toMatchObject(refused)
    const unknown = bank.rooms.incomingPayments.url({ tenantId: OPERATOR, id: NOBODY })
    await expect(quote({ receiver: unknown, debitAmount: usd(100n) })).rejects.toMatchObject(refused)
    await expect(quote({ receiver: 'alice', debitAmount: usd(100n) })).rejects.toMatchObject(refused)
  })

  it('for a sender that is not there', async () => {
    const unknown = quote({ walletAddressId: NOBODY, debitAmount: usd(100n) })
    await expect(unknown).rejects.toMatchObject({ kind: 'not-found', reason: 'UnknownWalletAddress' })
  })

  it('without a rate, but only where one is needed', async () => {
    const zar = await bank.rooms.assets.create({ tenantId: OPERATOR, code: 'ZAR', scale: 2 })
    const wallet = async (name: string): Promise<string> => {
      const address = `http://payments.test/${name}`
      return (await bank.rooms.walletAddresses.create({ tenantId: OPERATOR, address, assetId: zar.id })).id
    }
    const [sender, receiver] = [await wallet('zola'), await wallet('zane')]
    const debitAmount = { value: 100n, assetCode: 'ZAR', assetScale: 2 }
    await expect(quote({ walletAddressId: sender, debitAmount })).rejects.toMatchObject({
      kind: 'unavailable',
      reason: 'CouldNotFetchRates',
    })
    const asked = { tenantId: OPERATOR, walletAddressId: receiver, initiatedBy: 'ADMIN' } as const
    const inZar = await bank.rooms.incomingPayments.create(asked)
    expect(await quote({ walletAddressId: sender, debitAmount }, inZar)).toMatchObject({ receiveAmount: 100n })
  })
})
