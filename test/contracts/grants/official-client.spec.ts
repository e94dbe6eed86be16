import {
  type AccessToken,
  type AuthenticatedClient,
  createAuthenticatedClient,
  type Grant,
  isFinalizedGrantWithAccessToken,
  isPendingGrant,
  type PendingGrant,
  type WalletAddress,
} from '@interledger/open-payments'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SigningClient } from '../../harness/authorization-server-client.js'
import { type OpenPaymentsDoor, openDoor } from './open-payments-process.js'

// The official client, unmodified: it checks every answer against the official schemas.
let door: OpenPaymentsDoor
let shop: SigningClient
let client: AuthenticatedClient
let alice: WalletAddress
let neighbour: WalletAddress

beforeAll(async () => {
  door = await openDoor()
  shop = await SigningClient.start()
  const { walletAddress: walletAddressUrl, keyId, privateKey } = shop
  client = await createAuthenticatedClient({ walletAddressUrl, keyId, privateKey, logLevel: 'silent' })
  alice = await client.walletAddress.get({ url: door.alice.mine.address })
  neighbour = await client.walletAddress.get({ url: door.alice.neighbours.address })
})
afterAll(async () => {
  await door?.close()
  await shop?.close()
})

type Access = Parameters<AuthenticatedClient['grant']['request']>[1]['access_token']

const usd = (value: string) => ({ value, assetCode: 'USD', assetScale: 2 })

function tokenOf(grant: Grant | PendingGrant): AccessToken['access_token'] {
  if (!isPendingGrant(grant) && isFinalizedGrantWithAccessToken(grant)) return grant.access_token
  throw new Error('the grant has no access token')
}

async function grantFor(access: NonNullable<Access>['access'], { authServer: url }: WalletAddress) {
  return tokenOf(await client.grant.request({ url }, { access_token: { access } }))
}

/** As a user does: visits the page, comes back with a reference, which the client continues with. */
async function outgoingGrant(debit: string) {
  const interact = {
    start: ['redirect' as const],
    finish: { method: 'redirect' as const, uri: 'http://localhost/done', nonce: 'n' },
  }
  const pending = await client.grant.request(
    { url: alice.authServer },
    {
      access_token: {
        access: [
          {
            type: 'outgoing-payment',
            actions: ['create', 'read', 'list'],
            identifier: alice.id,
            limits: { debitAmount: usd(debit), interval: 'R/2026-01-01T00:00:00Z/P1M' },
          },
        ],
      },
      interact,
    },
  )
  if (!isPendingGrant(pending)) throw new Error('the grant was given without the user')
  const visited = await fetch(pending.interact.redirect, { redirect: 'manual' })
  const interactRef = new URL(visited.headers.get('location') ?? '').searchParams.get('interact_ref')
  const { uri: url, access_token: continuation } = pending.continue
  const continued = await client.grant.continue(
    { url, accessToken: continuation.value },
    { interact_ref: interactRef ?? '' },
  )
  if (!isFinalizedGrantWithAccessToken(continued)) throw new Error('the grant was not given')
  return tokenOf(continued)
}

async function askForMoney(value: string): Promise<{ accessToken: string; manage: string; id: string }> {
  const token = await grantFor(
    [{ type: 'incoming-payment', actions: ['create', 'read', 'list', 'complete'] }],
    neighbour,
  )
  const { id } = await client.incomingPayment.create(
    { url: neighbour.resourceServer, accessToken: token.value },
    { walletAddress: neighbour.id, incomingAmount: usd(value) },
  )
  return { accessToken: token.value, manage: token.manage, id }
}

async function quoteFor(receiver: string) {
  const token = await grantFor([{ type: 'quote', actions: ['create', 'read'] }], alice)
  const url = alice.resourceServer
  const at = { url, accessToken: token.value }
  const quote = await client.quote.create(at, { walletAddress: alice.id, receiver, method: 'ilp' })
  expect(await client.quote.get({ url: quote.id, accessToken: token.value })).toEqual(quote)
  return quote
}

describe('the official client', () => {
  it('asks for money: creates, reads, lists, completes', async () => {
    const { accessToken, id } = await askForMoney('500')
    expect(await client.incomingPayment.get({ url: id, accessToken })).toMatchObject({ id, completed: false })
    expect(await client.incomingPayment.getPublic({ url: id })).toMatchObject({ authServer: neighbour.authServer })
    const list = { url: neighbour.resourceServer, walletAddress: neighbour.id, accessToken }
    expect((await client.incomingPayment.list(list)).result.map((payment) => payment.id)).toContain(id)
    expect(await client.incomingPayment.complete({ url: id, accessToken })).toMatchObject({ id, completed: true })
  })

  it('pays from a quote within limits, and hears what it has spent', async () => {
    const quote = await quoteFor((await askForMoney('500')).id)
    const token = await outgoingGrant('700')
    const at = { url: alice.resourceServer, accessToken: token.value }
    const payment = await client.outgoingPayment.create(at, { walletAddress: alice.id, quoteId: quote.id })
    expect(payment).toMatchObject({ grantSpentDebitAmount: usd('500'), grantSpentReceiveAmount: usd('500') })
    const spent = { spentDebitAmount: usd('500'), spentReceiveAmount: usd('500') }
    expect(await client.outgoingPayment.getGrantSpentAmounts(at)).toEqual(spent)
    expect(await client.outgoingPayment.get({ ...at, url: payment.id })).toMatchObject({ id: payment.id })
    const list = await client.outgoingPayment.list({ ...at, walletAddress: alice.id })
    expect(list.result.map(({ id }) => id)).toContain(payment.id)
  })

  it('is out of balance when the limits are used up', async () => {
    const token = await outgoingGrant('700')
    const at = { url: alice.resourceServer, accessToken: token.value }
    const pay = async () => {
      const { id: quoteId } = await quoteFor((await askForMoney('500')).id)
      return client.outgoingPayment.create(at, { walletAddress: alice.id, quoteId })
    }
    await pay()
    await expect(pay()).rejects.toMatchObject({ status: 403, description: 'unauthorized' })
  })

  it('goes on with a rotated token, and not with the old one nor with a revoked one', async () => {
    const { accessToken, manage, id: url } = await askForMoney('500')
    const { access_token: rotated } = await client.token.rotate({ url: manage, accessToken })
    const invalid = { status: 401, description: 'Invalid Token' }
    await expect(client.incomingPayment.get({ url, accessToken })).rejects.toMatchObject(invalid)
    expect(await client.incomingPayment.get({ url, accessToken: rotated.value })).toMatchObject({ id: url })
    await client.token.revoke({ url: rotated.manage, accessToken: rotated.value })
    await expect(client.incomingPayment.get({ url, accessToken: rotated.value })).rejects.toMatchObject(invalid)
  })
})
