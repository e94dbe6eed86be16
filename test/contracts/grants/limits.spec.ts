import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SigningClient } from '../../harness/authorization-server-client.js'
import { DEV_TOKEN, TENANT_ID } from '../../harness/node-settings.js'
import { idOf, refusal } from './answers.js'
import { type OpenPaymentsDoor, openDoor } from './open-payments-process.js'

let door: OpenPaymentsDoor
let shop: SigningClient

beforeAll(async () => {
  door = await openDoor()
  shop = await SigningClient.start()
})
afterAll(async () => {
  await door?.close()
  await shop?.close()
})

const usd = (value: number) => ({ value: `${value}`, assetCode: 'USD', assetScale: 2 })

/** A grant for payments of Alice's, with limits; more items make it ambiguous. */
function tokenWith(limits: object, ...more: object[]): string {
  const item = { type: 'outgoing-payment', actions: ['create', 'read'], identifier: door.alice.mine.address, limits }
  return door.issue({ client: shop.walletAddress, access: [item, ...more] })
}

/** An incoming payment of her neighbour's, of any amount. */
async function receiver(): Promise<string> {
  const { id: walletAddressId } = door.alice.neighbours
  const payment = await door.incomingPayments.create({ tenantId: TENANT_ID, walletAddressId, initiatedBy: 'ADMIN' })
  return door.incomingPayments.url(payment)
}

/** Pays without a quote, as Web Monetization does. */
async function pay(token: string, cents: number, incomingPayment?: string): Promise<Response> {
  const body = JSON.stringify({
    walletAddress: door.alice.mine.address,
    incomingPayment: incomingPayment ?? (await receiver()),
    debitAmount: usd(cents),
  })
  return shop.call(`${door.base()}/outgoing-payments`, { method: 'POST', token, body })
}

const spent = async (token: string) => (await shop.call(`${door.base()}/outgoing-payment-grant`, { token })).json()
const unauthorized = (why: string) => ({ status: 403, description: 'unauthorized', why: expect.stringContaining(why) })

describe('payments under limits', () => {
  it('tell what the grant has spent, until it is used up', async () => {
    const token = tokenWith({ debitAmount: usd(1_000) })
    expect(await spent(token)).toEqual({ spentDebitAmount: null, spentReceiveAmount: null })
    const first = await pay(token, 600)
    expect(first.status).toBe(201)
    expect(await first.json()).toMatchObject({ grantSpentDebitAmount: usd(600), grantSpentReceiveAmount: usd(600) })
    expect(await refusal(await pay(token, 401))).toMatchObject(unauthorized('is 1000, 600 of it is spent'))
    expect((await pay(token, 400)).status).toBe(201)
    expect(await spent(token)).toEqual({ spentDebitAmount: usd(1_000), spentReceiveAmount: usd(1_000) })
  })

  it('show no spent amounts when they are read', async () => {
    const token = tokenWith({ debitAmount: usd(1_000) })
    const id = await idOf(await pay(token, 600))
    const read = await (await shop.call(id, { token })).json()
    expect(read).toMatchObject({ id, debitAmount: usd(600) })
    expect(read).not.toHaveProperty('grantSpentDebitAmount')
  })

  it('go to the receiver of the limits alone', async () => {
    const only = await receiver()
    const token = tokenWith({ receiver: only })
    expect(await refusal(await pay(token, 100))).toMatchObject(unauthorized(`it is for the receiver ${only}`))
    expect((await pay(token, 100, only)).status).toBe(201)
  })

  it('count per interval, and outside of it nothing is paid', async () => {
    const monthly = tokenWith({ debitAmount: usd(100), interval: 'R/2026-01-31T00:00:00Z/P1M' })
    expect((await pay(monthly, 100)).status).toBe(201)
    expect(await refusal(await pay(monthly, 1))).toMatchObject(unauthorized('100 of it is spent'))
    const over = tokenWith({ debitAmount: usd(100), interval: 'R1/2020-01-01T00:00:00Z/P1M' })
    expect(await refusal(await pay(over, 1))).toMatchObject(unauthorized('does not cover'))
    expect(await spent(over)).toEqual({ spentDebitAmount: null, spentReceiveAmount: null })
    const nonsense = tokenWith({ debitAmount: usd(100), interval: 'monthly' })
    expect(await refusal(await pay(nonsense, 1))).toMatchObject(unauthorized('"monthly" is no repeating interval'))
  })

  it('need limits that mean one thing', async () => {
    const both = tokenWith({ debitAmount: usd(100), receiveAmount: usd(100) })
    expect(await refusal(await pay(both, 1))).toMatchObject(unauthorized('limits both'))
    const twice = tokenWith({ debitAmount: usd(1) }, { type: 'outgoing-payment', actions: ['create'] })
    expect(await refusal(await pay(twice, 1))).toMatchObject({
      status: 403,
      description: 'Insufficient Grant',
      why: expect.stringContaining('more than one of its access items'),
    })
  })
})

describe('the development token', () => {
  it('was given under no grant', async () => {
    const headers = { authorization: `GNAP ${DEV_TOKEN}` }
    const response = await fetch(`${door.base()}/outgoing-payment-grant`, { headers })
    expect(await refusal(response)).toMatchObject({ status: 404 })
  })
})
