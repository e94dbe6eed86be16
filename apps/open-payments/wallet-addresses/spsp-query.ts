import type { ReceiptSetup } from '@kivuko/incoming-payments'
import { BadRequestException } from '@nestjs/common'

/** RFC 9 §4: the type that asks for SPSP. */
export const SPSP_TYPE = 'application/spsp4+json'

const NONCE_BYTES = 16
const SECRET_BYTES = 32
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/

/** RFC 39 §4: a sender that wants receipts sends both headers. Throws a 400 for one of them, and for other than base64. */
export function receiptSetupOf(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): ReceiptSetup | undefined {
  const { 'receipt-nonce': nonce, 'receipt-secret': secret } = headers
  if (nonce === undefined && secret === undefined) return undefined
  if (typeof nonce !== 'string' || typeof secret !== 'string') {
    throw new BadRequestException('Receipt-Nonce and Receipt-Secret must accompany each other')
  }
  return {
    nonce: bytesOf('Receipt-Nonce', nonce, NONCE_BYTES),
    secret: bytesOf('Receipt-Secret', secret, SECRET_BYTES),
  }
}

function bytesOf(name: string, given: string, length: number): Buffer {
  const bytes = Buffer.from(given, 'base64')
  if (BASE64.test(given) && bytes.length === length) return bytes
  throw new BadRequestException(`${name} must be ${length} bytes in base64, found ${given.length} characters`)
}
