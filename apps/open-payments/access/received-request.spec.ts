import Fastify from 'fastify'
import { describe, expect, it } from 'vitest'
import { type PublicUrl, receivedRequest } from './received-request.js'

/** What is made of a request as it came in. */
async function received(config: PublicUrl, method: 'GET' | 'POST' = 'GET') {
  const server = Fastify()
  server.all('*', async (request) => {
    const { targetUris, rawHeaders, body, method } = receivedRequest(request, config)
    return { targetUris, rawHeaders, length: body.length, method }
  })
  const headers = { host: 'evil.example:81', Authorization: 'GNAP t' }
  const answer = await server.inject({ method, url: '/t/quotes/%61?b=%20c', headers })
  return answer.json()
}

describe('a received request', () => {
  it('was called by its public URL, whatever its Host header says', async () => {
    const config = { openPaymentsUrl: 'https://bank.example/op', openPaymentsAllowLocalClients: false }
    expect(await received(config)).toMatchObject({
      method: 'GET',
      targetUris: ['https://bank.example/op/t/quotes/%61?b=%20c'],
      length: 0,
    })
  })

  it('may have been called by any other on a developer’s machine', async () => {
    const config = { openPaymentsUrl: 'http://localhost:3003', openPaymentsAllowLocalClients: true }
    const { targetUris } = await received(config, 'POST')
    expect(targetUris).toEqual([
      'http://localhost:3003/t/quotes/%61?b=%20c',
      'http://evil.example:81/t/quotes/%61?b=%20c',
    ])
  })
})
