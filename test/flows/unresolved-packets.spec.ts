import { idFromUuid } from '@kivuko/accounting'
import { BookDifferences } from '@kivuko/connector'
import { decodePrepare, encodeReply, reject } from '@kivuko/ilp'
import { createLogger, SystemClock } from '@kivuko/platform'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Listening, listen, readBody } from '../harness/listen.js'
import { startNode, type TestNode } from '../harness/node.js'
import { TENANT_ID } from '../harness/node-settings.js'
import { codeOfPacket } from '../harness/packet-posting.js'
import { waitFor } from '../harness/wait-for.js'

// As short as the longest hold allows: what nobody answered is released soon.
const LEDGER_TIMEOUT_SECONDS = '9'
const env = {
  MAX_HOLD_TIME_MS: '2000',
  MIN_MESSAGE_WINDOW_MS: '500',
  TIGERBEETLE_TWO_PHASE_TIMEOUT_SECONDS: LEDGER_TIMEOUT_SECONDS,
}

let node: TestNode
let bob: Listening
let bobId: string
let rejectsAfterMs: number | undefined

beforeAll(async () => {
  node = await startNode({ name: 'a', env })
  bob = await listen(async (incoming, response) => {
    decodePrepare(await readBody(incoming))
    // Undefined: the packet is taken, and never answered.
    if (rejectsAfterMs === undefined) return
    setTimeout(() => response.end(encodeReply(reject('T00', 'test.bob', 'late'))), rejectsAfterMs)
  })
  const assetId = await node.admin.createAsset('USD', 2)
  const peer = (name: string, endpoint: string) => ({
    ...{ assetId, staticIlpAddress: `test.${name}`, name, endpoint },
    ...{ outgoingToken: `to-${name}`, incomingToken: `of-${name}` },
  })
  const aliceId = await node.admin.createPeer(peer('alice', 'http://127.0.0.1:9/'))
  await node.admin.depositPeerLiquidity(aliceId, 1_000n)
  bobId = await node.admin.createPeer(peer('bob', bob.url))
})
afterAll(async () => {
  await node.stop()
  await bob.close()
})

const sendAsAlice = (amount: bigint) => codeOfPacket(node, 'of-alice', amount)

it('packets that a peer never answered are listed by that peer, also after the ledger has released them', async () => {
  expect(await Promise.all([sendAsAlice(10n), sendAsAlice(20n)])).toEqual(['R00', 'R00'])
  const listed = await waitFor('both are noted', async () => {
    const { unresolved, findings } = await node.audit()
    expect(findings).toEqual([])
    return unresolved[0]?.packets === 2 && unresolved
  })
  expect(listed).toMatchObject([{ peerId: bobId, peer: 'bob', asset: 'USD/2', packets: 2, amount: 30n }])
  await waitFor('the ledger has released them', async () => (await node.audit()).openReservations === 0)
  const { unresolved, findings } = await node.audit()
  expect([unresolved, findings]).toEqual([listed, []])
}, 90_000)

it('a packet that its peer rejects after all is not listed', async () => {
  rejectsAfterMs = 2_300
  expect(await sendAsAlice(40n)).toBe('R00')
  await waitFor('its reservation is voided', async () => (await node.audit()).openReservations === 0, {
    deadlineMs: 6_000,
  })
  expect((await node.audit()).unresolved).toMatchObject([{ packets: 2, amount: 30n }])
  expect(await node.database.query('select 1 from book_differences where amount = 40')).toEqual([])
}, 90_000)

it('packets of an own payment that were concluded in doubt are listed, also when the ledger has charged them', async () => {
  const [charged] = await node.database.query("select id from ledger_transfers where state = 'posted' limit 1")
  const query = (text: string, values?: unknown[]) => node.database.query(text, values)
  const noted = new BookDifferences(
    Object.assign(Object.create(null), { query }),
    new SystemClock(),
    createLogger({ logLevel: 'silent', instanceName: 'test' }),
  )
  const before = (await node.audit()).unresolved.find(({ peerId }) => peerId === bobId)
  const packet = { id: idFromUuid(`${charged?.id}`), peerAccountId: idFromUuid(bobId), amount: 7n }
  // A second time, as after a process that was killed in between, changes nothing.
  for (const paymentId of [TENANT_ID, TENANT_ID]) await noted.noteDoubtful(TENANT_ID, paymentId, [packet])
  const after = (await node.audit()).unresolved.find(({ peerId }) => peerId === bobId)
  expect(after).toMatchObject({ packets: (before?.packets ?? 0) + 1, amount: (before?.amount ?? 0n) + 7n })
})
