import { expect, it } from 'vitest'
import { Opened } from './opened.js'

it('closes the other way round, also after one part failed to, and tells the first failure', async () => {
  const closed: string[] = []
  const opened = new Opened()
  const add = (name: string, fails = false) =>
    opened.add(async () => {
      closed.push(name)
      if (fails) throw new Error(`${name} is stuck`)
    })
  add('database')
  add('rooms', true)
  add('doors')
  await expect(opened.close()).rejects.toThrow('rooms is stuck')
  expect(closed).toEqual(['doors', 'rooms', 'database'])
  await opened.close()
  expect(closed).toHaveLength(3)
})
