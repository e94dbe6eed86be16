import { type NewPeer, type Peer, PeerRegistry, PeerRows } from '@kivuko/peering'
import { afterAll, describe, expect, it } from 'vitest'
import { timed } from '../../harness/tries.js'
import { waitFor } from '../../harness/wait-for.js'
import { openDesk } from './desk.js'
import { newPeer } from './peer-builder.js'
import { OPERATOR, OTHER_TENANT, startRooms } from './rooms-process.js'

const desk = await openDesk('tokens')
const { database, rooms, secondProcess, usd, foreign } = desk
afterAll(() => desk.close())

function create(over: Partial<NewPeer> = {}): Promise<Peer> {
  return rooms.peers.create(newPeer({ assetId: usd.id, ...over }))
}

describe('tokens of a peer', () => {
  const outgoing = { authToken: 'out', endpoint: 'https://bank.example/ilp' }

  it('all lead to it', async () => {
    const http = { outgoing, incoming: { authTokens: ['first-token', 'second-token'] } }
    const { id } = await create({ http })
    expect(['first-token', 'second-token', 'third-token'].map((token) => rooms.peers.byToken(token)?.id)).toEqual([
      id,
      id,
      undefined,
    ])
  })

  it('are unique over all peers and tenants', async () => {
    const http = { outgoing, incoming: { authTokens: ['taken-token'] } }
    await create({ http })
    const duplicate = { kind: 'duplicate', reason: 'DuplicateIncomingToken' }
    await expect(create({ http })).rejects.toMatchObject(duplicate)
    await expect(create({ http, tenantId: OTHER_TENANT, assetId: foreign.id })).rejects.toMatchObject(duplicate)
    const other = await create()
    await expect(rooms.peers.update(OPERATOR, other.id, { http })).rejects.toMatchObject(duplicate)
    expect(rooms.peers.find(other.id)?.outgoingToken).toBe(other.outgoingToken)
  })

  it('are replaced as a whole, and kept when none are given', async () => {
    const authTokens = ['old-token', 'kept-token']
    const { id } = await create({ http: { outgoing, incoming: { authTokens } } })
    await rooms.peers.update(OPERATOR, id, {
      http: { outgoing, incoming: { authTokens: ['kept-token', 'new-token'] } },
    })
    const changed = { ...outgoing, authToken: 'changed-out' }
    const peer = await rooms.peers.update(OPERATOR, id, { http: { outgoing: changed } })
    expect(peer.outgoingToken).toBe('changed-out')
    expect(['old-token', 'kept-token', 'new-token'].map((token) => rooms.peers.byToken(token)?.id)).toEqual([
      undefined,
      id,
      id,
    ])
  })

  it('are refused in every process within a second after they are revoked', timed, async () => {
    const http = { outgoing, incoming: { authTokens: ['revoked-token'] } }
    const { id } = await create({ http })
    await waitFor('the other process to know the token', () => secondProcess.peers.byToken('revoked-token')?.id === id)
    const startedAt = performance.now()
    await rooms.peers.update(OPERATOR, id, { http: { outgoing, incoming: { authTokens: [] } } })
    expect(rooms.peers.byToken('revoked-token')).toBeUndefined()
    const revoked = () => secondProcess.peers.byToken('revoked-token') === undefined
    await waitFor('the other process to refuse it', revoked)
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })

  it('are nowhere in the database as they are', async () => {
    const http = { outgoing: { ...outgoing, authToken: 'out-in-clear' }, incoming: { authTokens: ['in-in-clear'] } }
    await create({ http })
    const rows = await database.query('select p::text, t::text from peers p left join peer_incoming_tokens t on true')
    const text = JSON.stringify(rows)
    for (const token of ['out-in-clear', 'in-in-clear']) {
      expect(text).not.toContain(token)
      expect(text).not.toContain(Buffer.from(token).toString('hex'))
    }
  })

  it('cannot be read with another secret: the start says so', async () => {
    await create()
    const process = await startRooms(database)
    try {
      const { dataSource, feed, ledger, assets } = process
      const rows = new PeerRows(assets, Buffer.alloc(32, 9))
      const start = new PeerRegistry(dataSource, feed, ledger, assets, rows).start()
      await expect(start).rejects.toThrow(/outgoing token of peer .* cannot be decrypted; set DB_ENCRYPTION_SECRET/)
    } finally {
      await process.close()
    }
  })
})
