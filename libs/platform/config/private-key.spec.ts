import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from './load-config.js'
import { thumbprint } from './private-key.js'

// RFC 8037 Appendix A.1 and A.3: the key, and its thumbprint.
const RFC_KEY = {
  kty: 'OKP',
  crv: 'Ed25519',
  d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
}
const rfcKey = createPrivateKey({ key: RFC_KEY, format: 'jwk' })

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kivuko-key-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const load = (env: Record<string, string> = {}) => loadConfig({ DATA_DIR: folder, ...env })
const textOf = (key: KeyObject) => key.export({ format: 'jwk' })
const base64Of = (key: KeyObject) => key.export({ format: 'der', type: 'pkcs8' }).toString('base64')

function pemFile(key: KeyObject): string {
  const path = join(folder, 'key.pem')
  writeFileSync(path, key.export({ format: 'pem', type: 'pkcs8' }))
  return path
}

it('a key is named by its thumbprint, as RFC 8037 computes it', () => {
  expect(thumbprint(rfcKey)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
})

describe("the node's own key", () => {
  it('is generated once and kept', () => {
    const first = load()
    expect(first.secrets.privateKey.asymmetricKeyType).toBe('ed25519')
    expect(load().config.keyId).toBe(first.config.keyId)
    expect(readFileSync(join(folder, 'secrets.json'), 'utf8')).toContain(base64Of(first.secrets.privateKey))
  })

  it('comes from PRIVATE_KEY, and PRIVATE_KEY_FILE wins over it', () => {
    const other = generateKeyPairSync('ed25519').privateKey
    const given = { PRIVATE_KEY: base64Of(other) }
    expect(textOf(load(given).secrets.privateKey)).toEqual(textOf(other))
    const both = load({ ...given, PRIVATE_KEY_FILE: pemFile(rfcKey) })
    expect(textOf(both.secrets.privateKey)).toEqual(RFC_KEY)
    expect(both.config.keyId).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
  })

  it('has the id that KEY_ID gives it', () => {
    expect(load({ KEY_ID: 'bank-2026' }).config.keyId).toBe('bank-2026')
  })

  it('stops the start when it is missing, of another kind, or no key', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey
    expect(() => load({ PRIVATE_KEY_FILE: join(folder, 'none.pem') })).toThrow(/PRIVATE_KEY_FILE: found ".*none.pem"/)
    expect(() => load({ PRIVATE_KEY_FILE: pemFile(rsa) })).toThrow('with an Ed25519 private key')
    expect(() => load({ PRIVATE_KEY: 'c2hvcnQ=' })).toThrow('PRIVATE_KEY: found a secret of 8 characters')
  })
})
