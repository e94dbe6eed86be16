import { randomUUID } from 'node:crypto'
import type { Grant } from '@kivuko/grants'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Bank, OPERATOR } from '../payments/payments-process.js'

let bank: Bank

beforeAll(async () => {
  bank = await Bank.open('granted')
})
afterAll(() => bank?.close())

const usd = (value: bigint) => ({ value, assetCode: 'USD', assetScale: 2 })

function grantOf(limit: bigint): Grant {
  return { tenantId: OPERATOR, id: randomUUID(), limits: { debitAmount: usd(limit) } }
}

async function quoteId(debit: bigint): Promise<string> {
  const receiver = bank.rooms.incomingPayments.url(await bank.ask())
  const sender = { tenantId: OPERATOR, walletAddressId: bank.alice.id }
  return (await bank.rooms.quotes.create({ ...sender, receiver, debitAmount: usd(debit) })).id
}

function pay(grant: Grant, id: string) {
  const sender = { tenantId: OPERATOR, walletAddressId: bank.alice.id, client: 'https://shop.example' }
  return bank.rooms.outgoingPayments.create({ ...sender, quoteId: id, grant, initiatedBy: 'OPEN_PAYMENTS' })
}

it('a payment and what it takes of its grant are made in one go', async () => {
  const grant = grantOf(1_500n)
  const first = await pay(grant, await quoteId(1_000n))
  expect(first).toMatchObject({ grantId: grant.id, grantSpent: { debitAmount: usd(1_000n) } })
  const beyond = await quoteId(501n)
  await expect(pay(grant, beyond)).rejects.toMatchObject({ kind: 'forbidden', reason: 'BeyondGrant' })
  await expect(bank.rooms.outgoingPayments.get(OPERATOR, beyond)).rejects.toMatchObject({ reason: 'UnknownPayment' })
  expect(await bank.told(beyond)).toEqual([])
})

it('a quote used a second time takes nothing more', async () => {
  const grant = grantOf(1_500n)
  const quote = await quoteId(1_000n)
  await pay(grant, quote)
  await expect(pay(grant, quote)).rejects.toMatchObject({ reason: 'InvalidQuote' })
  expect((await bank.rooms.outgoingPayments.spentAmounts(grant)).debitAmount).toEqual(usd(1_000n))
})

it('a cancelled payment gives its amounts back', async () => {
  const grant = grantOf(1_000n)
  const { id } = await pay(grant, await quoteId(1_000n))
  await bank.rooms.outgoingPayments.cancel({ tenantId: OPERATOR, id })
  expect(await bank.rooms.outgoingPayments.spentAmounts(grant)).toMatchObject({ debitAmount: usd(0n) })
  await pay(grant, await quoteId(1_000n))
})

it('payments made at once do not pass the limit together', async () => {
  const grant = grantOf(2_500n)
  const quotes = await Promise.all(Array.from({ length: 6 }, () => quoteId(1_000n)))
  const outcomes = await Promise.allSettled(quotes.map((quote) => pay(grant, quote)))
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
  expect((await bank.rooms.outgoingPayments.spentAmounts(grant)).debitAmount).toEqual(usd(2_000n))
})
