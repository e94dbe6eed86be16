import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { TestNetwork } from '../harness/network.js'
import type { TestNode } from '../harness/node.js'

const secretOf = (name: string) => createHash('sha256').update(name).digest('base64')

let network: TestNetwork

beforeAll(async () => {
  network = await TestNetwork.start()
})
afterAll(async () => {
  await network.stop()
})

const shape = z.object({
  updatePeer: z.object({
    peer: z.object({
      http: z.object({
        outgoing: z.object({
          jwtSubject: z.string().nullable(),
          mode: z.string(),
          furtherEndpoints: z.array(z.string()),
        }),
        incoming: z.object({ jwtSubject: z.string().nullable(), callbackUrl: z.string().nullable() }),
      }),
    }),
  }),
})

async function change(node: TestNode, id: string, http: Record<string, unknown>) {
  const fields = 'http { outgoing { jwtSubject mode furtherEndpoints } incoming { jwtSubject callbackUrl } }'
  const text = `mutation ($input: UpdatePeerInput!) { updatePeer(input: $input) { peer { ${fields} } } }`
  return (await node.admin.client.request(text, { input: { id, http } }, shape)).updatePeer.peer.http
}

/** Both sides sign with a secret of their own, reply asynchronously, and take no plain token any more. */
async function signBothWays(secret: (from: string) => string) {
  const { a, b, peerIds } = network
  const sides = [
    [a, b, peerIds.bAtA],
    [b, a, peerIds.aAtB],
  ] as const
  for (const [node, other, peerId] of sides) {
    await change(node, peerId, {
      outgoing: {
        endpoint: 'http://127.0.0.1:9/nobody',
        furtherEndpoints: [other.connectorUrl],
        authToken: secret(node.name),
        jwtSubject: node.name,
        mode: 'ASYNCHRONOUS',
      },
      incoming: { authTokens: [], jwt: { subject: other.name, secrets: [secret(other.name)] } },
    })
  }
}

describe('two nodes that sign what they send', () => {
  it('pay each other, asynchronously, past an endpoint where nobody is', async () => {
    await signBothWays(secretOf)
    const there = await network.pay(network.aliceUsd, network.bobEur, { debit: 10_000n })
    expect(there.payment).toMatchObject({ state: 'COMPLETED' })
    const back = await network.pay(network.brendaUsd, network.andyUsd, { receive: 5_000n })
    expect(back.payment).toMatchObject({ state: 'COMPLETED' })
    await network.expectConserved()
  })

  it('do so after both have changed their secrets', async () => {
    await signBothWays((name) => secretOf(`${name} anew`))
    const { payment } = await network.pay(network.aliceUsd, network.brendaUsd, { receive: 700n })
    expect(payment).toMatchObject({ state: 'COMPLETED' })
    await network.expectConserved()
  })

  it('are shown with what they agreed on, and without secrets', async () => {
    const http = await change(network.a, network.peerIds.bAtA, {
      outgoing: { endpoint: network.b.connectorUrl, authToken: secretOf('c'), furtherEndpoints: [] },
      incoming: { callbackUrl: 'https://b.example/replies' },
    })
    expect(http).toEqual({
      outgoing: { jwtSubject: 'a', mode: 'ASYNCHRONOUS', furtherEndpoints: [] },
      incoming: { jwtSubject: 'b', callbackUrl: 'https://b.example/replies' },
    })
  })
})
