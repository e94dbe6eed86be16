import { expect, it } from 'vitest'
import { untilReady } from './until-ready.js'

it('waits for every worker, and names the queue of one whose server was lost', async () => {
  let ready = 0
  const worker = {
    name: 'webhooks',
    waitUntilReady: async () => {
      ready += 1
    },
  }
  await untilReady([worker, worker])
  expect(ready).toBe(2)
  const lost = { name: 'outgoing-payments', waitUntilReady: () => Promise.reject(new Error('Connection is closed.')) }
  await expect(untilReady([worker, lost])).rejects.toThrow(
    'The server of queue outgoing-payments was lost while its worker started: Connection is closed.',
  )
})
