import { describe, expect, it } from 'vitest'
import type { WalletAddress } from './wallet-address.js'
import { WalletAddressCache } from './wallet-address-cache.js'

const asset = {
  id: 'usd',
  tenantId: 'tenant',
  code: 'USD',
  scale: 2,
  ledger: 1,
  withdrawalThreshold: null,
  liquidityThreshold: null,
  createdAt: new Date(0),
}

function row(id: string, publicName: string | null = null): WalletAddress {
  const address = `https://bank.example/${id}`
  const rest = { additionalProperties: [], deactivatedAt: null, createdAt: new Date(0) }
  return { id, tenantId: 'tenant', address, publicName, assetId: asset.id, asset, ...rest }
}

const found = (id: string, publicName?: string) => async () => ({ walletAddress: row(id, publicName), complete: true })

describe('WalletAddressCache', () => {
  it('keeps what was read, by id and by address', async () => {
    const cache = new WalletAddressCache(10)
    await cache.load(found('alice'))
    expect(cache.get('alice')?.id).toBe('alice')
    expect(cache.getByAddress('https://bank.example/alice')?.id).toBe('alice')
  })

  it('does not keep what is not there, or not complete', async () => {
    const cache = new WalletAddressCache(10)
    expect(await cache.load(async () => undefined)).toBeUndefined()
    const incomplete = await cache.load(async () => ({ walletAddress: row('alice'), complete: false }))
    expect(incomplete?.id).toBe('alice')
    expect(cache.get('alice')).toBeUndefined()
  })

  it('lets go of the one used longest ago', async () => {
    const cache = new WalletAddressCache(2)
    await cache.load(found('alice'))
    await cache.load(found('bob'))
    cache.getByAddress('https://bank.example/alice')
    await cache.load(found('carol'))
    expect(['alice', 'bob', 'carol'].map((id) => cache.get(id)?.id)).toEqual(['alice', undefined, 'carol'])
    expect(cache.getByAddress('https://bank.example/bob')).toBeUndefined()
  })

  it('forgets one, or all', async () => {
    const cache = new WalletAddressCache(10)
    for (const id of ['alice', 'bob', 'carol']) await cache.load(found(id))
    cache.invalidate('alice')
    expect(cache.getByAddress('https://bank.example/alice')).toBeUndefined()
    expect(cache.get('bob')?.id).toBe('bob')
    cache.invalidate(undefined)
    expect(cache.get('bob')).toBeUndefined()
  })

  it('does not keep an old row whose change was heard while it was read', async () => {
    const cache = new WalletAddressCache(10)
    let answer = (): void => undefined
    const asked = new Promise<void>((resolve) => {
      answer = resolve
    })
    const loading = cache.load(() => asked.then(found('alice', 'before the change')))
    cache.invalidate('alice')
    answer()
    expect((await loading)?.publicName).toBe('before the change')
    expect(cache.get('alice')).toBeUndefined()
  })
})
