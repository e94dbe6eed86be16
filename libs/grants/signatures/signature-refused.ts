/** Why a signature was not accepted, as its sender is told. */
export class SignatureRefused extends Error {
  override readonly name = 'SignatureRefused'
}
