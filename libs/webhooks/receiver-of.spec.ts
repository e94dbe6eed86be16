import { describe, expect, it } from 'vitest'
import { receiverOf } from './receiver-of.js'

const NOW_MS = 1_700_000_000_000
const node = {
  operatorTenantId: 'operator',
  signatureVersion: 1,
  signatureFormerSecret: 'operator-former',
  webhookTimeoutMs: 2_000,
}
const secrets = { signatureSecret: 'operator-secret' }
const settings = {
  ilpAddress: 'test.bank.shop',
  webhookUrl: 'https://shop.example/hooks',
  hasOwnWebhookUrl: true,
  webhookTimeoutMs: 5_000,
  webhookMaxRetry: 3,
}
const former = { secret: 'shop-former', until: new Date(NOW_MS + 1) }
const shop = { id: 'shop', settings, webhookSecrets: { current: 'shop-secret', former } }

const receiver = (tenant: Parameters<typeof receiverOf>[0], nowMs = NOW_MS) => receiverOf(tenant, node, secrets, nowMs)

describe('the receiver of a tenant’s events', () => {
  it('is its own, with its time, its retries and its secret', () => {
    const { url, timeoutMs, backoff, key } = receiver(shop)
    expect({ url, timeoutMs, maxRetry: backoff.maxRetry }).toEqual({
      url: 'https://shop.example/hooks',
      timeoutMs: 5_000,
      maxRetry: 3,
    })
    expect(key).toEqual({ secret: 'shop-secret', formerSecret: 'shop-former', version: 1 })
  })

  it('gets the former secret’s signature until its time is over', () => {
    expect(receiver(shop, NOW_MS + 1).key).toEqual({ secret: 'shop-secret', version: 1 })
  })

  it('is the operator’s, with the operator’s secret, when it has none', () => {
    const inherited = { ...settings, hasOwnWebhookUrl: false, webhookUrl: 'https://bank.example/hooks' }
    expect(receiver({ ...shop, settings: inherited })).toMatchObject({
      url: 'https://bank.example/hooks',
      key: { secret: 'operator-secret', formerSecret: 'operator-former' },
    })
  })

  it('is signed for with the configured secret when it is the operator, whatever its row says', () => {
    expect(receiver({ ...shop, id: 'operator' }).key.secret).toBe('operator-secret')
  })

  it('is reached over guarded connections where the tenant chose its address', () => {
    const connections = { toward: () => undefined }
    const inherited = { ...settings, hasOwnWebhookUrl: false }
    const reached = (tenant: Parameters<typeof receiverOf>[0]) =>
      receiverOf(tenant, node, secrets, NOW_MS, connections).connections
    expect(reached(shop)).toBe(connections)
    expect(reached({ ...shop, settings: inherited })).toBeUndefined()
    expect(reached({ ...shop, id: 'operator' })).toBeUndefined()
  })

  it('is nobody when the tenant is no more', () => {
    expect(receiver(undefined).url).toBeUndefined()
  })
})
