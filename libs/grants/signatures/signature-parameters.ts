import type { InnerList } from 'structured-headers'
import { SignatureRefused } from './signature-refused.js'

/** How old and how far ahead of this machine's clock a signature may say it was made. */
export interface SignatureWindow {
  readonly maxAgeSeconds: number
  readonly maxSkewSeconds: number
}

/** Checks when a signature was made and until when it holds, and answers the id of its key. `tag` and `nonce` may be there. */
export function checkParameters([, parameters]: InnerList, window: SignatureWindow, nowMs: number): string {
  const alg = parameters.get('alg')
  if (alg !== undefined && alg !== 'ed25519') throw new SignatureRefused('alg is not ed25519, the only one accepted')
  checkCreated(parameters.get('created'), window, nowMs / 1_000)
  checkExpires(parameters.get('expires'), nowMs / 1_000)
  const keyId = parameters.get('keyid')
  if (typeof keyId !== 'string' || keyId === '') throw new SignatureRefused('the parameter keyid is missing')
  return keyId
}

function checkCreated(created: unknown, { maxAgeSeconds, maxSkewSeconds }: SignatureWindow, nowSeconds: number): void {
  if (!Number.isSafeInteger(created) || typeof created !== 'number') {
    throw new SignatureRefused('the parameter created is missing: the time of signing in seconds since 1970')
  }
  if (nowSeconds - created > maxAgeSeconds) {
    throw new SignatureRefused(`it was created more than ${maxAgeSeconds} seconds ago (created=${created})`)
  }
  if (created - nowSeconds > maxSkewSeconds) {
    throw new SignatureRefused(`it was created more than ${maxSkewSeconds} seconds in the future (created=${created})`)
  }
}

function checkExpires(expires: unknown, nowSeconds: number): void {
  if (expires === undefined) return
  if (!Number.isSafeInteger(expires) || typeof expires !== 'number') {
    throw new SignatureRefused('the parameter expires is not a time in seconds since 1970')
  }
  if (expires < nowSeconds) throw new SignatureRefused(`it has expired (expires=${expires})`)
}
