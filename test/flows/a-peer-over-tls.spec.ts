import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeReply, type Reply } from '@kivuko/ilp'
import { SystemClock } from '@kivuko/platform'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Certificate, STRANGE, TRUSTED } from '../harness/certificates.js'
import { openAsset, PEER_LIQUIDITY } from '../harness/network.js'
import { startNode, type TestNode } from '../harness/node.js'
import { FULFILL, prepareAt } from '../interop/packets.js'

const OCTETS = 'application/octet-stream'
const clock = new SystemClock()

let folder: string
let node: TestNode
const servers: Server[] = []
/** Of each connection that was made to a next hop, how many requests came over it. */
const connections: number[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kivuko-tls-'))
  const NODE_EXTRA_CA_CERTS = join(folder, 'trusted.pem')
  await writeFile(NODE_EXTRA_CA_CERTS, TRUSTED.cert)
  node = await startNode({ name: 'a', ownProcess: true, env: { NODE_EXTRA_CA_CERTS } })
  const usd = await openAsset(node, 'USD', 2)
  const open = async (name: string, endpoint: string) => {
    const tokens = { outgoingToken: name, incomingToken: name }
    const peer = { assetId: usd.id, staticIlpAddress: `test.${name}`, name, endpoint, ...tokens }
    await node.admin.depositPeerLiquidity(await node.admin.createPeer(peer), PEER_LIQUIDITY)
  }
  const trusted = await listen(TRUSTED)
  await open('alice', 'http://127.0.0.1:9/')
  await open('bob', `https://localhost:${trusted}/ilp`)
  await open('misnamed', `https://127.0.0.1:${trusted}/ilp`)
  await open('stranger', `https://localhost:${await listen(STRANGE)}/ilp`)
})
afterAll(async () => {
  await node?.stop()
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
  await rm(folder, { recursive: true, force: true })
})

/** A next hop that fulfills everything; its port. */
async function listen(certificate: Certificate): Promise<number> {
  const places = new WeakMap<object, number>()
  const server = createServer({ ...certificate }, (request, response) => {
    const place = places.get(request.socket) ?? connections.push(0) - 1
    places.set(request.socket, place)
    connections[place] = (connections[place] ?? 0) + 1
    request.resume().on('end', () => response.writeHead(200, { 'content-type': OCTETS }).end(FULFILL))
  })
  servers.push(server)
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server is not listening on a port')
  return address.port
}

async function send(destination: string): Promise<Reply> {
  const headers = { authorization: 'Bearer alice', 'content-type': OCTETS }
  const body = prepareAt({ clock }, { destination })
  const response = await fetch(node.connectorUrl, { method: 'POST', headers, body })
  expect(response.status).toBe(200)
  return decodeReply(Buffer.from(await response.arrayBuffer()))
}

it('a next hop with a certificate that is trusted gets its packets, over connections that are kept', async () => {
  for (let packet = 0; packet < 10; packet++) expect((await send('test.bob.x')).type).toBe('fulfill')
  expect(connections.reduce((sum, requests) => sum + requests, 0)).toBe(10)
  expect(connections.length).toBeLessThanOrEqual(2)
})

it.each([
  ['stranger', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['misnamed', 'ERR_TLS_CERT_ALTNAME_INVALID'],
])('one whose certificate proves nothing gets none, and its peer is told why: %s', async (name, reason) => {
  const before = [...connections]
  expect(await send(`test.${name}.x`)).toMatchObject({ code: 'T01', message: expect.stringContaining(reason) })
  expect(connections).toEqual(before)
})
