import { describe, expect, it } from 'vitest'
import { incomingPaymentUrl, readIncomingPaymentUrl } from './incoming-payment-url.js'

const base = 'https://pay.example'
const tenantId = '438fa74a-fa7d-4317-9ced-dde32ece1787'
const id = '9fa1c2de-6b4b-4e0c-8b0f-3d7b6f6f0a11'

describe("an incoming payment's URL", () => {
  it('names tenant and payment below the base of Open Payments, and is read back', () => {
    const url = incomingPaymentUrl(base, { tenantId, id })
    expect(url).toBe(`https://pay.example/${tenantId}/incoming-payments/${id}`)
    expect(readIncomingPaymentUrl(base, url)).toEqual({ tenantId, id })
  })

  it.each([
    ['another node', `https://pay.example.org/${tenantId}/incoming-payments/${id}`],
    ['a host that begins alike', `https://pay.example.evil/${tenantId}/incoming-payments/${id}`],
    ['another resource', `${base}/${tenantId}/quotes/${id}`],
    ['more than the payment', `${base}/${tenantId}/incoming-payments/${id}/complete`],
    ['no tenant', `${base}/incoming-payments/${id}`],
  ])('of %s is not ours', (_what, url) => {
    expect(readIncomingPaymentUrl(base, url)).toBeUndefined()
  })
})
