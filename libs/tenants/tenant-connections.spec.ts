import { request } from 'undici'
import { expect, it } from 'vitest'
import { TenantConnections } from './tenant-connections.js'

it('lead to no address of this network, written out or behind a name', async () => {
  const connections = new TenantConnections({ allowInternal: false })
  for (const url of [
    'http://127.0.0.1:1/',
    'https://10.1.2.3/hooks',
    'http://[::1]/',
    'http://[::ffff:192.168.0.1]/',
  ]) {
    expect(() => connections.toward(url)).toThrow('is not on the public internet')
  }
  const dispatcher = connections.toward('http://localhost:1/')
  await expect(request('http://localhost:1/', { dispatcher })).rejects.toThrow(
    'localhost is not on the public internet',
  )
  await connections.onApplicationShutdown()
})

it('lead anywhere where the operator allows it', () => {
  expect(new TenantConnections({ allowInternal: true }).toward('http://127.0.0.1:1/')).toBeUndefined()
})
