import { describe, expect, it } from 'vitest'
import { acceptsJson } from './acceptable.js'

describe('a client takes a wallet address as JSON', () => {
  for (const accept of [
    undefined,
    '',
    '*/*',
    'application/json',
    'APPLICATION/JSON',
    'application/*;q=0.5',
    'application/spsp4+json, application/json',
    'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'text/html',
  ]) {
    it(`with Accept ${accept ?? 'absent'}`, () => expect(acceptsJson(accept)).toBe(true))
  }

  for (const accept of [
    'application/spsp4+json',
    'image/png',
    'application/json;q=0',
    'application/json; q=0.000',
    'json',
  ]) {
    it(`but not with ${accept}`, () => expect(acceptsJson(accept)).toBe(false))
  }
})
