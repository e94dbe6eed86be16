import { expect, it } from 'vitest'
import { checkJwk } from './jwk.js'

// RFC 8037 appendix A.2.
const X = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'

it('takes an Ed25519 key with a name', () => {
  expect(() => checkJwk({ kid: 'key-1', x: X })).not.toThrow()
})

it.each([
  ['no name', { kid: ' ', x: X }],
  ['a name without end', { kid: 'k'.repeat(257), x: X }],
  ['a key that is too short', { kid: 'key', x: X.slice(1) }],
  ['a key in plain base64', { kid: 'key', x: X.replace('_', '/') }],
  ['a key with a padding', { kid: 'key', x: `${X.slice(0, 42)}=` }],
  ['a second spelling of a key', { kid: 'key', x: `${X.slice(0, 42)}p` }],
])('refuses %s', (_what, jwk) => {
  expect(() => checkJwk(jwk)).toThrow('The key cannot be taken')
})
