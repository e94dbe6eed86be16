import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { envExample } from './env-example.js'

it('.env.example says what the schema says (npm run env:example writes it)', () => {
  expect(readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8')).toBe(envExample())
})
