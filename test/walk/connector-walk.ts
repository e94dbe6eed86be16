import { randomBytes, randomUUID } from 'node:crypto'
import { messageOf, SystemClock } from '@kivuko/platform'
import { deserializeIlpReply, isReject, serializeIlpPrepare } from 'ilp-packet'
import { leaked } from './admin-knock.js'
import { type DatabaseWatch, isNothing } from './database-watch.js'
import type { Tally } from './tally.js'
import { secretsOf, type TenantWorld } from './tenant-world.js'

const OCTETS = 'application/octet-stream'
const HEALTH = ['GET /livez', 'GET /healthz', 'GET /readyz']
const PACKETS = 'POST /*'
/** Routes for peers: for packets, and for the answers to packets that were answered later. */
const FOR_PEERS = [PACKETS, 'POST /ilp-replies']
const clock = new SystemClock()

export interface ConnectorWalkParts {
  readonly url: string
  readonly victim: TenantWorld
  readonly rival: TenantWorld
  readonly watch: DatabaseWatch
  readonly tally: Tally
}

/** Tries every route of the peers' door as whoever is no peer, and packets as the peer of another. */
export class ConnectorWalk {
  constructor(private readonly parts: ConnectorWalkParts) {}

  async everyRoute(routes: readonly string[]): Promise<void> {
    for (const route of routes) {
      await this.walk(route).catch((error: unknown) => this.parts.tally.hole('connector', route, messageOf(error)))
    }
  }

  private async walk(route: string): Promise<void> {
    if (HEALTH.includes(route)) return this.mustBePublic(route)
    if (!FOR_PEERS.includes(route))
      throw new Error('the walk cannot call this route: add it to test/walk/connector-walk.ts')
    const { victim } = this.parts
    const token = `token-of-${victim.name}`
    const strangers: Readonly<Record<string, Record<string, string>>> = {
      'no token': {},
      'an unknown token': { authorization: 'Bearer nobody' },
      'a revoked token': { authorization: `Bearer ${await this.revokedToken()}` },
      'the token of a deleted peer': { authorization: `Bearer ${await this.tokenOfDeletedPeer()}` },
      'the token cut short': { authorization: `Bearer ${token.slice(0, -1)}` },
      'the token in another scheme': { authorization: `GNAP ${token}` },
      'the API secret of the tenant': { authorization: `Bearer ${victim.tenant.apiSecret}` },
    }
    for (const [how, headers] of Object.entries(strangers)) await this.mustBeRefused(route, how, headers)
    if (route === PACKETS) await this.asAnotherPeer()
    await this.asPeer(route, token)
  }

  private async mustBeRefused(route: string, how: string, headers: Record<string, string>): Promise<void> {
    const { watch, tally, victim } = this.parts
    const { result, change } = await watch.changesBy(() =>
      this.post(route, headers, this.prepare(victim.staticIlpAddress)),
    )
    if (result.status === 401 && isNothing(change)) tally.refused('connector', route)
    else tally.hole('connector', route, `${how}: ${result.status} ${JSON.stringify(change)}`)
  }

  /** Whatever another's peer sends, and wherever to: it does not leave through this tenant's peers, nor at its cost. */
  private async asAnotherPeer(): Promise<void> {
    const { watch, tally, victim, rival } = this.parts
    const headers = { authorization: `Bearer token-of-${rival.name}` }
    const { result, change } = await watch.changesBy(() =>
      this.post(PACKETS, headers, this.prepare(victim.staticIlpAddress)),
    )
    // A peer that was asked would have answered anything but "no route".
    const touched = [...change.gone, ...change.added].filter((row) => row.includes(victim.ids.peer))
    const reply = result.status === 200 ? deserializeIlpReply(Buffer.from(await result.arrayBuffer())) : undefined
    const isRefused = reply !== undefined && isReject(reply) && reply.code === 'F02'
    if (isRefused && touched.length === 0) tally.refused('connector', PACKETS)
    else tally.hole('connector', PACKETS, `another tenant's peer: ${JSON.stringify({ reply, touched })}`)
  }

  /** Its own peer is let in; that nothing waits for its answer is another matter. */
  private async asPeer(route: string, token: string): Promise<void> {
    const { tally, victim } = this.parts
    const packet = this.prepare(`${victim.node.ilpAddress}.nobody`)
    const response = await this.post(route, { authorization: `Bearer ${token}` }, packet)
    const isLetIn = route === PACKETS ? response.status === 200 : ![401, 403, 500].includes(response.status)
    if (isLetIn) tally.answered('connector', route)
    else tally.hole('connector', route, `its peer is refused: ${response.status} ${await response.text()}`)
  }

  private async mustBePublic(route: string): Promise<void> {
    const { url, tally, victim } = this.parts
    const response = await fetch(`${url}${route.replace('GET ', '')}`)
    const text = await response.text()
    const isRight = response.ok && leaked({ text }, '', [...secretsOf(victim), victim.name]).length === 0
    if (isRight) tally.answered('connector', route)
    else tally.hole('connector', route, `anybody: ${response.status} ${text}`)
  }

  private async revokedToken(): Promise<string> {
    const { victim } = this.parts
    const token = `revoked-of-${victim.name}-${randomUUID()}`
    const id = await this.peerWith(token)
    const http = {
      incoming: { authTokens: [randomUUID()] },
      outgoing: { authToken: 'x', endpoint: 'http://127.0.0.1:9' },
    }
    await victim.act('updatePeer', { input: { id, http } })
    return token
  }

  private async tokenOfDeletedPeer(): Promise<string> {
    const { victim } = this.parts
    const token = `deleted-of-${victim.name}-${randomUUID()}`
    await victim.act('deletePeer', { input: { id: await this.peerWith(token) } })
    return token
  }

  private peerWith(token: string): Promise<string> {
    const { victim } = this.parts
    const http = { incoming: { authTokens: [token] }, outgoing: { authToken: 'x', endpoint: 'http://127.0.0.1:9' } }
    return victim.create('createPeer', { assetId: victim.ids.asset, staticIlpAddress: `test.${token}`, http }, 'peer')
  }

  private prepare(destination: string): Buffer {
    const expiresAt = new Date(clock.nowMs() + 10_000)
    return serializeIlpPrepare({
      amount: '1',
      expiresAt,
      executionCondition: randomBytes(32),
      destination,
      data: Buffer.alloc(0),
    })
  }

  private post(route: string, headers: Record<string, string>, body: Buffer): Promise<Response> {
    const url = `${this.parts.url}${route.replace('POST ', '').replace('*', '')}`
    return fetch(url, { method: 'POST', headers: { 'content-type': OCTETS, ...headers }, body: new Uint8Array(body) })
  }
}
