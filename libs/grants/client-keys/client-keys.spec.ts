import { ManualClock } from '@kivuko/platform'
import { describe, expect, it } from 'vitest'
import { SignatureRefused } from '../signatures/signature-refused.js'
import { TEST_JWK, TEST_PUBLIC_KEY } from '../testing/signing-client.js'
import { ClientKeys } from './client-keys.js'
import type { KeySet } from './fetch-keys.js'

const shop = { walletAddress: 'https://shop.example' }
const found: KeySet = new Map([['a', TEST_PUBLIC_KEY]])

/** Keys whose fetching is counted and can be changed. */
function keysThat(answer: () => Promise<KeySet>) {
  const clock = new ManualClock(1_000_000)
  const counted = { fetches: 0, answer }
  const keys = new ClientKeys(() => {
    counted.fetches += 1
    return counted.answer()
  }, clock)
  return { clock, counted, keys }
}

describe('a client with a key in its grant', () => {
  it('has this key under its name and no other', async () => {
    const { keys, counted } = keysThat(async () => found)
    expect((await keys.find({ jwk: TEST_JWK }, 'test-key-ed25519'))?.equals(TEST_PUBLIC_KEY)).toBe(true)
    expect(await keys.find({ jwk: TEST_JWK }, 'a')).toBeUndefined()
    expect(counted.fetches).toBe(0)
  })
})

describe("a client's keys at its wallet address", () => {
  it('are kept for a minute', async () => {
    const { keys, counted, clock } = keysThat(async () => found)
    expect(await keys.find(shop, 'a')).toBe(TEST_PUBLIC_KEY)
    clock.advance(59_999)
    expect(await keys.find(shop, 'a')).toBe(TEST_PUBLIC_KEY)
    expect(counted.fetches).toBe(1)
    clock.advance(1)
    counted.answer = async () => new Map()
    expect(await keys.find(shop, 'a')).toBeUndefined()
    expect(counted.fetches).toBe(2)
  })

  it('are asked for again when a new key is used, but not all the time', async () => {
    const { keys, counted, clock } = keysThat(async () => found)
    await keys.find(shop, 'a')
    expect(await keys.find(shop, 'b')).toBeUndefined()
    expect(counted.fetches).toBe(1)
    clock.advance(5_000)
    counted.answer = async () => new Map([['b', TEST_PUBLIC_KEY]])
    expect(await keys.find(shop, 'b')).toBe(TEST_PUBLIC_KEY)
    expect(counted.fetches).toBe(2)
  })

  it('are asked for once by many at a time', async () => {
    const { keys, counted } = keysThat(async () => found)
    await Promise.all(Array.from({ length: 20 }, () => keys.find(shop, 'a')))
    expect(counted.fetches).toBe(1)
  })

  it('that cannot be had are not asked for again at once', async () => {
    const { keys, counted, clock } = keysThat(() => Promise.reject(new SignatureRefused('no answer')))
    await expect(keys.find(shop, 'a')).rejects.toThrow('no answer')
    await expect(keys.find(shop, 'a')).rejects.toThrow('no answer')
    expect(counted.fetches).toBe(1)
    clock.advance(5_000)
    counted.answer = async () => found
    expect(await keys.find(shop, 'a')).toBe(TEST_PUBLIC_KEY)
  })

  it('of many clients are forgotten, the oldest first', async () => {
    const { keys, counted } = keysThat(async () => found)
    for (let number = 0; number <= 1_000; number += 1) {
      await keys.find({ walletAddress: `https://shop.example/${number}` }, 'a')
    }
    await keys.find({ walletAddress: 'https://shop.example/1000' }, 'a')
    expect(counted.fetches).toBe(1_001)
    await keys.find({ walletAddress: 'https://shop.example/0' }, 'a')
    expect(counted.fetches).toBe(1_002)
  })
})
