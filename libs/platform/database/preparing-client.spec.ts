import { expect, it } from 'vitest'
import { PreparedNames } from './preparing-client.js'

function asked(names: PreparedNames, text: string, times: number): (string | undefined)[] {
  return Array.from({ length: times }, () => names.of(text))
}

it('names a statement from its eighth time on, the same for good', () => {
  const names = new PreparedNames()
  const first = asked(names, 'select $1', 7)
  expect(new Set(first)).toEqual(new Set([undefined]))
  const [name, ...again] = asked(names, 'select $1', 3)
  expect(name).toBeDefined()
  expect(again).toEqual([name, name])
  expect(asked(names, 'select $2', 8).at(-1)).not.toBe(name)
})

it('prepares no more than 128, whatever comes', () => {
  const names = new PreparedNames()
  const last = Array.from({ length: 2_000 }, (_, number) => asked(names, `select ${number}, $1`, 8).at(-1))
  expect(new Set(last.filter((name) => name !== undefined)).size).toBe(128)
})
