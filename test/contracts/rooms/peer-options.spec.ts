import { createHash } from 'node:crypto'
import type { NewPeer, Peer, PeerHttp } from '@kivuko/peering'
import { afterAll, describe, expect, it } from 'vitest'
import { jwtOf } from '../../harness/jwt.js'
import { timed } from '../../harness/tries.js'
import { waitFor } from '../../harness/wait-for.js'
import { openDesk } from './desk.js'
import { newPeer } from './peer-builder.js'
import { OPERATOR, type RoomsProcess } from './rooms-process.js'

const secretOf = (name: string) => createHash('sha256').update(name).digest('base64')

const desk = await openDesk('options')
const { database, rooms, secondProcess, usd } = desk
afterAll(() => desk.close())

const outgoing = { authToken: 'out', endpoint: 'https://bank.example/ilp' }

function create(http: PeerHttp, over: Partial<NewPeer> = {}): Promise<Peer> {
  return rooms.peers.create(newPeer({ assetId: usd.id, http, ...over }))
}

describe('the way to a peer', () => {
  it('is plain unless told otherwise, and returns to that', async () => {
    const peer = await create({ outgoing })
    expect(peer).toMatchObject({ outgoingOptions: undefined, callbackUrl: null, reflectPayments: false })
    const options = {
      jwtSubject: 'us',
      mode: 'asynchronous',
      furtherEndpoints: ['https://b.example', 'https://c.example'],
      endpointsAreOneNode: true,
    } as const
    const http = { outgoing: { ...outgoing, authToken: secretOf('us'), ...options } }
    const changed = await rooms.peers.update(OPERATOR, peer.id, { http, reflectPayments: true })
    expect(changed).toMatchObject({ outgoingOptions: options, outgoingToken: secretOf('us'), reflectPayments: true })
    const kept = await rooms.peers.update(OPERATOR, peer.id, {
      http: { outgoing: { ...outgoing, authToken: secretOf('new') } },
    })
    expect(kept.outgoingOptions).toEqual(options)
    const back = { ...outgoing, jwtSubject: null, mode: 'synchronous', furtherEndpoints: [] } as const
    expect((await rooms.peers.update(OPERATOR, peer.id, { http: { outgoing: back } })).outgoingOptions).toBeUndefined()
  })

  it.each<[Partial<PeerHttp['outgoing']>, string]>([
    [{ furtherEndpoints: ['ftp://b.example'] }, 'InvalidHTTPEndpoint'],
    [{ furtherEndpoints: [outgoing.endpoint] }, 'InvalidHTTPEndpoint'],
    [{ furtherEndpoints: Array.from({ length: 8 }, (_, n) => `https://b${n}.example`) }, 'TooManyEndpoints'],
    [{ jwtSubject: 'us' }, 'InvalidJwtSettings'],
    [{ jwtSubject: 'us', authToken: Buffer.alloc(31).toString('base64') }, 'InvalidJwtSettings'],
    [{ jwtSubject: 'x'.repeat(256), authToken: secretOf('us') }, 'InvalidJwtSettings'],
  ])('is refused: %o', async (options, reason) => {
    await expect(create({ outgoing: { ...outgoing, ...options } })).rejects.toMatchObject({ reason })
  })

  it('that signs takes no plain token in place of its secret', async () => {
    const { id } = await create({ outgoing: { ...outgoing, jwtSubject: 'us', authToken: secretOf('us') } })
    const change = rooms.peers.update(OPERATOR, id, { http: { outgoing } })
    await expect(change).rejects.toMatchObject({ reason: 'InvalidJwtSettings' })
  })

  it.each(['nowhere', 'ftp://b.example', 'https://user:word@b.example'])(
    'back for replies is refused: %s',
    async (callbackUrl) => {
      await expect(create({ outgoing, incoming: { callbackUrl } })).rejects.toMatchObject({
        reason: 'InvalidCallbackUrl',
      })
    },
  )
})

describe('JWTs of a peer', () => {
  it('are taken in every process, and their secret rotated without a gap', timed, async () => {
    const [first, second] = [secretOf('first'), secretOf('second')]
    const { id } = await create({ outgoing, incoming: { jwt: { subject: 'rotating', secrets: [first] } } })
    const [old, fresh] = [jwtOf('rotating', first), jwtOf('rotating', second)]
    const taken = async ({ peers }: RoomsProcess, token: string) => (await peers.byJwt(token))?.id === id
    await waitFor('the other process to take it', () => taken(secondProcess, old))
    const rotate = (secrets: string[]) =>
      rooms.peers.update(OPERATOR, id, { http: { outgoing, incoming: { jwt: { subject: 'rotating', secrets } } } })
    await rotate([first, second])
    expect([await taken(rooms, old), await taken(rooms, fresh)]).toEqual([true, true])
    await rotate([second])
    expect([await taken(rooms, old), await taken(rooms, fresh)]).toEqual([false, true])
    await waitFor('the other process to refuse the old one', async () => !(await taken(secondProcess, old)), {
      deadlineMs: 1_000,
    })
    await rooms.peers.update(OPERATOR, id, { http: { outgoing, incoming: { jwt: null } } })
    expect(await taken(rooms, fresh)).toBe(false)
  })

  it('have a subject of their own, free again when the peer is gone', async () => {
    const http = { outgoing, incoming: { jwt: { subject: 'unique', secrets: [secretOf('a')] } } }
    const { id } = await create(http)
    const duplicate = { kind: 'duplicate', reason: 'DuplicateJwtSubject' }
    await expect(create(http)).rejects.toMatchObject(duplicate)
    await rooms.peers.delete(OPERATOR, id)
    expect(await rooms.peers.byJwt(jwtOf('unique', secretOf('a')))).toBeUndefined()
    await expect(create(http)).resolves.toMatchObject({ incomingJwtSubject: 'unique' })
  })

  it('keep their secrets out of the database', async () => {
    const secret = secretOf('hidden')
    const { id } = await create({ outgoing, incoming: { jwt: { subject: 'hidden', secrets: [secret] } } })
    const [row] = await database.query('select row_to_json(peers)::text as text from peers where id = $1', [id])
    const bytes = [secret, Buffer.from(secret).toString('hex'), Buffer.from(secret, 'base64').toString('hex')]
    for (const found of bytes) expect(JSON.stringify(row)).not.toContain(found)
  })

  it.each([
    [{ subject: '', secrets: [secretOf('a')] }, 'InvalidJwtSettings'],
    [{ subject: 'none', secrets: [] }, 'InvalidJwtSettings'],
    [{ subject: 'short', secrets: [Buffer.alloc(31).toString('base64')] }, 'InvalidJwtSettings'],
    [{ subject: 'text', secrets: ['not base64 at all, but long enough to be'] }, 'InvalidJwtSettings'],
    [{ subject: 'many', secrets: Array.from({ length: 5 }, (_, n) => secretOf(`${n}`)) }, 'TooManyJwtSecrets'],
  ])('are refused: %o', async (settings, reason) => {
    await expect(create({ outgoing, incoming: { jwt: settings } })).rejects.toMatchObject({ reason })
  })
})

describe('tokens of a peer', () => {
  it('are rotated without a gap, and without knowing the earlier one', async () => {
    const { id } = await create({ outgoing, incoming: { authTokens: ['old-token'] } })
    const give = (incoming: PeerHttp['incoming']) => rooms.peers.update(OPERATOR, id, { http: { outgoing, incoming } })
    const taken = () => ['old-token', 'new-token'].map((token) => rooms.peers.byToken(token)?.id === id)
    await give({ authTokens: ['new-token', 'old-token'], keepEarlierTokens: true })
    expect(taken()).toEqual([true, true])
    await give({ callbackUrl: 'https://bank.example/replies' })
    expect(taken()).toEqual([true, true])
    await give({ authTokens: ['new-token'] })
    expect(taken()).toEqual([false, true])
  })

  it('stay at most sixteen', async () => {
    const tokens = (from: number, count: number) => Array.from({ length: count }, (_, n) => `many-${from + n}`)
    const { id } = await create({ outgoing, incoming: { authTokens: tokens(0, 15) } })
    const add = (authTokens: string[]) =>
      rooms.peers.update(OPERATOR, id, { http: { outgoing, incoming: { authTokens, keepEarlierTokens: true } } })
    await add(tokens(15, 1))
    await expect(add(tokens(16, 1))).rejects.toMatchObject({ kind: 'limited', reason: 'TooManyIncomingTokens' })
    expect(rooms.peers.byToken('many-16')).toBeUndefined()
  })
})
