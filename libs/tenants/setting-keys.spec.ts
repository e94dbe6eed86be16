import { describe, expect, it } from 'vitest'
import { checkPublic, isTenantSettingKey, readSetting, type TenantSettingKey } from './setting-keys.js'

const read = (key: TenantSettingKey, value: string) => readSetting({ key, value }).value

describe('a setting of a tenant', () => {
  it.each<[TenantSettingKey, string, string]>([
    ['WEBHOOK_URL', 'https://shop.example/hooks?key=1', 'https://shop.example/hooks?key=1'],
    ['EXCHANGE_RATES_URL', 'http://127.0.0.1:9/rates', 'http://127.0.0.1:9/rates'],
    ['WALLET_ADDRESS_URL', 'https://Shop.example/Pay/', 'https://shop.example/pay'],
    ['WEBHOOK_TIMEOUT', '2000', '2000'],
    ['WEBHOOK_MAX_RETRY', '0', '0'],
    ['WEBHOOK_MAX_RETRY', '007', '7'],
    ['ILP_ADDRESS', 'test.bank.shop', 'test.bank.shop'],
  ])('%s may be %s', (key, value, kept) => expect(read(key, value)).toBe(kept))

  it.each<[TenantSettingKey, string]>([
    ['WEBHOOK_URL', 'ftp://shop.example'],
    ['WEBHOOK_URL', 'https://user:password@shop.example'],
    ['EXCHANGE_RATES_URL', ''],
    ['WALLET_ADDRESS_URL', 'https://shop.example/?a=1'],
    ['WEBHOOK_TIMEOUT', '0'],
    ['WEBHOOK_TIMEOUT', '60001'],
    ['WEBHOOK_MAX_RETRY', '-1'],
    ['WEBHOOK_MAX_RETRY', '1.5'],
    ['ILP_ADDRESS', 'bank.shop'],
    ['ILP_ADDRESS', 'test'],
    ['ILP_ADDRESS', `test.${'a'.repeat(1023)}`],
  ])('%s may not be %s', (key, value) => expect(() => read(key, value)).toThrow(key))

  it('has one of the known keys', () => {
    expect(['WEBHOOK_URL', 'SOMETHING'].map(isTenantSettingKey)).toEqual([true, false])
  })
})

it('an address that this node asks lies on the public internet', () => {
  for (const value of [
    'http://127.0.0.1/',
    'http://169.254.169.254/latest',
    'https://LOCALHOST/',
    'http://[fd00::1]/',
  ]) {
    for (const key of ['WEBHOOK_URL', 'EXCHANGE_RATES_URL'] as const) {
      expect(() => checkPublic([{ key, value }]), value).toThrow('expected an address on the public internet')
    }
    // Nobody connects to this one.
    expect(() => checkPublic([{ key: 'WALLET_ADDRESS_URL', value }])).not.toThrow()
  }
  expect(() => checkPublic([{ key: 'WEBHOOK_URL', value: 'https://shop.example/hooks' }])).not.toThrow()
})
