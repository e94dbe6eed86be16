import type { TenantSettingKey } from '@kivuko/tenants'
import { expect, it } from 'vitest'
import { settingsView } from './settings.view.js'

it('shows what was set and what holds anyway, but no address of the operator', () => {
  const settings = {
    ilpAddress: 'test.bank.shop',
    webhookUrl: 'https://operator.example/hooks?secret=1',
    hasOwnWebhookUrl: false,
    webhookTimeoutMs: 2_000,
    exchangeRatesUrl: 'https://operator.example/rates',
  }
  const ownSettings = new Map<TenantSettingKey, string>([['WALLET_ADDRESS_URL', 'https://shop.example']])
  expect(settingsView({ ownSettings, settings })).toEqual([
    { key: 'WALLET_ADDRESS_URL', value: 'https://shop.example' },
    { key: 'ILP_ADDRESS', value: 'test.bank.shop' },
    { key: 'WEBHOOK_TIMEOUT', value: '2000' },
  ])
})
