import type { InnerList } from 'structured-headers'
import type { Fields, ReceivedRequest } from './received-request.js'
import { SignatureRefused } from './signature-refused.js'

/** Checks that a signature covers what makes it this request's: method, URL, token and body. */
export function checkComponents([components]: InnerList, { body }: ReceivedRequest, fields: Fields): void {
  const covered = new Set<string>()
  const seen = new Set<string>()
  for (const [name, parameters] of components) {
    if (typeof name !== 'string' || name !== name.toLowerCase()) {
      throw new SignatureRefused('a covered component is not a lower-case name in quotes')
    }
    const key = [name, ...[...parameters].flat()].join(';')
    if (seen.has(key)) throw new SignatureRefused(`the component "${name}" is covered more than once`)
    seen.add(key)
    // With a parameter it is another component: part of a field, or of another message.
    if (parameters.size === 0) covered.add(name)
  }
  for (const name of required(body, fields)) {
    if (!covered.has(name)) throw new SignatureRefused(`it does not cover "${name}"`)
  }
}

function required(body: Buffer, fields: Fields): string[] {
  const ofEveryRequest = ['@method', '@target-uri']
  const ofToken = fields.authorization === undefined ? [] : ['authorization']
  const ofBody = body.length === 0 ? [] : ['content-digest']
  return [...ofEveryRequest, ...ofToken, ...ofBody]
}
