import type { LookupAddress } from 'node:dns'
import { describe, expect, it } from 'vitest'
import { isInternalLiteral, isPublicAddress, publicLookup } from './public-address.js'

const PUBLIC = ['93.184.216.34', '1.1.1.1', '2606:2800:220:1:248:1893:25c8:1946', '::ffff:93.184.216.34']
const INTERNAL = [
  '0.0.0.0',
  '127.0.0.1',
  '127.8.8.8',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '192.0.2.1',
  '198.18.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'ff02::1',
  '2001:db8::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
]

describe('an address', () => {
  it.each(PUBLIC)('%s is on the public internet', (address) => expect(isPublicAddress(address)).toBe(true))
  it.each([...INTERNAL, 'localhost', ''])('%s is not', (address) => expect(isPublicAddress(address)).toBe(false))
})

describe('a host that is an address', () => {
  it.each([
    'https://127.0.0.1/a',
    'https://2130706433/a',
    'https://0x7f.1/a',
    'https://017700000001/a',
    'https://[::1]/a',
    'https://[::ffff:a00:1]/a',
    'https://10.1.1.1:8443/a',
  ])('%s is found however it is written', (url) => expect(isInternalLiteral(new URL(url))).toBe(true))

  it.each(['https://93.184.216.34/a', 'https://bank.example/a'])('%s is left to the lookup or let pass', (url) => {
    expect(isInternalLiteral(new URL(url))).toBe(false)
  })
})

describe('the lookup of a host', () => {
  type Found = { error: Error | null; address: string | LookupAddress[] | undefined }
  const lookUp = (addresses: string[], all: boolean) =>
    new Promise<Found>((resolve) => {
      const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
      const lookup = publicLookup((_host, _options, done) => done(null, found))
      lookup('bank.example', { all }, (error, address) => resolve({ error, address }))
    })

  it('gives public addresses, one or all', async () => {
    expect(await lookUp(['1.1.1.1', '1.0.0.1'], false)).toEqual({ error: null, address: '1.1.1.1' })
    expect((await lookUp(['1.1.1.1', '1.0.0.1'], true)).address).toHaveLength(2)
  })

  it('fails for a host with one internal address among others', async () => {
    const { error, address } = await lookUp(['1.1.1.1', '10.0.0.1'], true)
    expect(error?.message).toBe('bank.example is not on the public internet')
    expect(address).toEqual([])
  })

  it('fails for a host without any', async () => {
    expect((await lookUp([], false)).error?.message).toBe('bank.example has no address')
  })

  it('fails as the resolver does', async () => {
    const lookup = publicLookup((_host, _options, done) => done(new Error('no such name'), []))
    const error = await new Promise((resolve) => lookup('bank.example', {}, resolve))
    expect(error).toMatchObject({ message: 'no such name' })
  })
})
