import { type KeyObject, verify } from 'node:crypto'
import { DomainError } from '@kivuko/platform'
import { checkContentDigest } from './content-digest.js'
import { checkComponents } from './covered-components.js'
import { type LabelledSignature, labelledSignatures } from './labelled-signatures.js'
import { type Fields, fieldsOf, type ReceivedRequest } from './received-request.js'
import { signatureBase } from './signature-base.js'
import { checkParameters, type SignatureWindow } from './signature-parameters.js'
import { SignatureRefused } from './signature-refused.js'

/** Against what a request's signature is verified. */
export interface Verification {
  readonly window: SignatureWindow
  readonly nowMs: number
  /** The client's key of this id. May throw SignatureRefused. */
  findKey(keyId: string): Promise<KeyObject | undefined>
}

/**
 * Accepts a request with one signature (RFC 9421, as Open Payments profiles it) of the client's over all that matters.
 * Others, such as a proxy's, do not disturb. Throws DomainError('unauthenticated', 'InvalidSignature').
 */
export async function verifySignature(request: ReceivedRequest, verification: Verification): Promise<void> {
  try {
    const fields = fieldsOf(request)
    const signatures = labelledSignatures(fields)
    const digest = fields['content-digest']
    if (digest !== undefined) checkContentDigest(digest, request.body)
    await oneOf(signatures, (signature) => verifyOne(signature, request, fields, verification))
  } catch (error) {
    if (!(error instanceof SignatureRefused)) throw error
    const message = `Signature validation error: ${error.message}`
    throw new DomainError('unauthenticated', 'InvalidSignature', message)
  }
}

async function oneOf(
  signatures: readonly LabelledSignature[],
  verifyOne: (signature: LabelledSignature) => Promise<void>,
): Promise<void> {
  const refusals: string[] = []
  for (const signature of signatures) {
    try {
      return await verifyOne(signature)
    } catch (error) {
      if (!(error instanceof SignatureRefused)) throw error
      refusals.push(`${signature.label}: ${error.message}`)
    }
  }
  throw new SignatureRefused(refusals.join('; ') || 'there is no signature')
}

async function verifyOne(
  { input, signature }: LabelledSignature,
  request: ReceivedRequest,
  fields: Fields,
  { window, nowMs, findKey }: Verification,
): Promise<void> {
  checkComponents(input, request, fields)
  const keyId = checkParameters(input, window, nowMs)
  const bases = request.targetUris.map((targetUri) =>
    signatureBase(input, { method: request.method, targetUri, fields }),
  )
  const key = await findKey(keyId)
  if (key === undefined) throw new SignatureRefused(`the client has no key "${keyId.slice(0, 128)}"`)
  if (bases.some((base) => verify(null, base, key, signature))) return
  throw new SignatureRefused(`the signature is not the client's over this request at ${request.targetUris[0]}`)
}
