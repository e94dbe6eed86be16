import { describe, expect, it } from 'vitest'
import { Addresses } from './addresses.js'

const TENANT = '438fa74a-fa7d-4317-9ced-dde32ece1787'
const addresses = new Addresses({ openPaymentsUrl: 'https://bank.example/op' })

describe('the addresses of resources', () => {
  it('are below the tenant, and have no slash at the end', () => {
    expect(addresses.resourceServer(TENANT)).toBe(`https://bank.example/op/${TENANT}`)
    expect(addresses.authServer(TENANT)).toBe(`https://bank.example/op/${TENANT}/auth`)
    expect(addresses.outgoingPayment(TENANT, '1')).toBe(`https://bank.example/op/${TENANT}/outgoing-payments/1`)
  })

  it('are read back whole: the host and the tenant count too', () => {
    expect(addresses.readQuote(TENANT, addresses.quote(TENANT, '1'))).toBe('1')
    expect(addresses.readQuote(TENANT, `https://evil.example/op/${TENANT}/quotes/1`)).toBeUndefined()
    expect(addresses.readQuote(TENANT, addresses.quote('bc293b79-8609-47bd-b914-6438b470aff8', '1'))).toBeUndefined()
    expect(addresses.readQuote(TENANT, '1')).toBeUndefined()
  })
})
