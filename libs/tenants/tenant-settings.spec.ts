import { describe, expect, it } from 'vitest'
import type { TenantSettingKey } from './setting-keys.js'
import { settle } from './tenant-settings.js'

const OPERATOR = '7b4f7d8e-5f5c-4d5a-9c1e-3a8f0c1d2e3f'
const OTHER = '0d3c8a52-6c1e-4f0b-8d57-9b1f6f1a2b3c'
const node = {
  operatorTenantId: OPERATOR,
  ilpAddress: 'test.bank',
  webhookUrl: 'https://bank.example/hooks',
  webhookTimeoutMs: 2_000,
  webhookMaxRetry: undefined,
  exchangeRatesUrl: undefined,
  walletAddressUrl: 'https://bank.example',
}

describe('settle', () => {
  it("gives the operator the node's own settings", () => {
    expect(settle(OPERATOR, new Map(), node)).toEqual({
      ilpAddress: 'test.bank',
      webhookUrl: 'https://bank.example/hooks',
      hasOwnWebhookUrl: false,
      webhookTimeoutMs: 2_000,
      webhookMaxRetry: undefined,
      exchangeRatesUrl: undefined,
      walletAddressUrl: 'https://bank.example',
    })
  })

  it("gives another tenant an address below the node's, and no wallet addresses of the operator", () => {
    expect(settle(OTHER, new Map(), node)).toMatchObject({
      ilpAddress: `test.bank.${OTHER}`,
      webhookUrl: 'https://bank.example/hooks',
      walletAddressUrl: undefined,
    })
  })

  it("puts a tenant's own settings first", () => {
    const own = new Map<TenantSettingKey, string>([
      ['WEBHOOK_URL', 'https://shop.example/hooks'],
      ['WEBHOOK_TIMEOUT', '5000'],
      ['WEBHOOK_MAX_RETRY', '0'],
      ['ILP_ADDRESS', 'test.shop'],
      ['EXCHANGE_RATES_URL', 'https://shop.example/rates'],
      ['WALLET_ADDRESS_URL', 'https://shop.example'],
    ])
    expect(settle(OTHER, own, node)).toEqual({
      ilpAddress: `test.bank.${OTHER}`,
      webhookUrl: 'https://shop.example/hooks',
      hasOwnWebhookUrl: true,
      webhookTimeoutMs: 5_000,
      webhookMaxRetry: 0,
      exchangeRatesUrl: 'https://shop.example/rates',
      walletAddressUrl: 'https://shop.example',
    })
  })
})
