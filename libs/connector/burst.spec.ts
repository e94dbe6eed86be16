import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { Burst } from './burst.js'

it('writes at the end of the turn, in order, and once', async () => {
  const burst = new Burst()
  const written: number[] = []
  for (const number of [1, 2, 3]) burst.add(() => written.push(number))
  await Promise.resolve()
  expect(written).toEqual([])
  await turn()
  expect(written).toEqual([1, 2, 3])
  burst.add(() => {
    written.push(4)
    burst.add(() => written.push(5))
  })
  await turn()
  expect(written).toEqual([1, 2, 3, 4])
  await turn()
  expect(written).toEqual([1, 2, 3, 4, 5])
})
