import { StreamServer } from '@interledger/stream-receiver'
import { describe, expect, it } from 'vitest'
import { StreamServers } from './stream-servers.js'

const operatorTenantId = '438fa74a-fa7d-4317-9ced-dde32ece1787'
const tenantId = '2e1f4e0a-1d5f-4c3b-9a6e-5a1f0c7b8d90'
const paymentTag = '9fa1c2de-6b4b-4e0c-8b0f-3d7b6f6f0a11'
const secret = Buffer.alloc(32, 7)
const servers = new StreamServers({ ilpAddress: 'test.kivuko', operatorTenantId }, secret)

describe('a STREAM address', () => {
  it("of the operator lies directly below the node's, another tenant's one segment further down", () => {
    expect(servers.of(operatorTenantId).generateCredentials({ paymentTag }).ilpAddress).toMatch(/^test\.kivuko\.[^.]+$/)
    const { ilpAddress } = servers.of(tenantId).generateCredentials({ paymentTag })
    expect(ilpAddress.startsWith(`test.kivuko.${tenantId}.`)).toBe(true)
  })

  it('says whose it is and what it is for', () => {
    for (const owner of [operatorTenantId, tenantId]) {
      const { ilpAddress } = servers.of(owner).generateCredentials({ paymentTag, asset: { code: 'USD', scale: 2 } })
      expect(servers.read(ilpAddress)).toEqual({ tenantId: owner, tag: paymentTag })
    }
  })

  it('is read by any process with the same secret, also after a restart', () => {
    const { ilpAddress } = servers.of(tenantId).generateCredentials({ paymentTag })
    const restarted = new StreamServers({ ilpAddress: 'test.kivuko', operatorTenantId }, secret)
    expect(restarted.read(ilpAddress)).toEqual({ tenantId, tag: paymentTag })
  })

  it("means nothing under another tenant's address", () => {
    const { ilpAddress } = servers.of(tenantId).generateCredentials({ paymentTag })
    const token = ilpAddress.split('.').at(-1)
    expect(servers.read(`test.kivuko.${token}`)).toBeUndefined()
    expect(servers.read(`test.kivuko.11111111-1111-4111-8111-111111111111.${token}`)).toBeUndefined()
  })

  it('is not ours when it lies elsewhere, or its token was made by someone else', () => {
    const stranger = new StreamServer({ serverAddress: 'test.kivuko', serverSecret: Buffer.alloc(32, 8) })
    expect(servers.read(stranger.generateCredentials({ paymentTag }).ilpAddress)).toBeUndefined()
    expect(servers.read('test.kivukosi.abc')).toBeUndefined()
    expect(servers.read('test.kivuko')).toBeUndefined()
    expect(servers.read('test.kivuko.')).toBeUndefined()
  })
})
