import { afterAll, beforeAll, expect, it } from 'vitest'
import { Wire } from '../faults/wire.js'
import { amount, type Customer, ended, openAsset, openCustomer, peerWith } from '../harness/network.js'
import { startNode, type TestNode } from '../harness/node.js'
import { Draws } from '../harness/seed.js'
import { waitFor } from '../harness/wait-for.js'

const ASKED = 1_000n
const MAX_PACKET_AMOUNT = 400n
// A packet of unknown end is asked for soon.
const env = {
  LOG_LEVEL: 'fatal',
  MAX_HOLD_TIME_MS: '2000',
  MIN_MESSAGE_WINDOW_MS: '500',
  TIGERBEETLE_TWO_PHASE_TIMEOUT_SECONDS: '9',
}
/** Packets that expire, and as long again for the receiver; the sender gives up after ten seconds without a fulfill. */
const DEADLINE_MS = 60_000

/** As the row stays when its process is killed after the credit. */
const HOLD_ROWS = `
  create function hold_row() returns trigger language plpgsql as $$ begin raise exception 'the row stays behind'; end $$;
  create trigger hold_row before update on incoming_payments for each row execute function hold_row()`
const LET_GO = 'drop trigger hold_row on incoming_payments'

let a: TestNode
let b: TestNode
let wire: Wire
let alice: Customer
let brenda: Customer

beforeAll(async () => {
  ;[a, b] = await Promise.all([startNode({ name: 'a', env }), startNode({ name: 'b', env })])
  const [usdAtA, usdAtB] = [await openAsset(a, 'USD', 2), await openAsset(b, 'USD', 2)]
  wire = await Wire.start()
  wire.target = b.connectorUrl
  await peerWith(a, b, usdAtA, { endpoint: `${wire.url}/ilp`, maxPacketAmount: MAX_PACKET_AMOUNT })
  await peerWith(b, a, usdAtB)
  alice = await openCustomer(a, 'alice', usdAtA)
  brenda = await openCustomer(b, 'brenda', usdAtB)
})
afterAll(async () => {
  await Promise.all([a?.stop(), b?.stop()])
  await wire?.close()
})

it('packets without an answer are charged by what the receiving ledger has, while its row is behind', async () => {
  const receiver = await a.admin.createReceiver(brenda.url, amount(ASKED, brenda.asset))
  const { walletAddressId } = alice
  const quote = await a.admin.createQuote({ walletAddressId, receiver: receiver.id })
  await b.database.query(HOLD_ROWS)
  wire.makeTrouble('lose answers', 100, new Draws('rows behind the ledger'))
  const { id } = await a.admin.createOutgoingPayment(walletAddressId, quote.id)
  const payment = await ended(a, id, DEADLINE_MS)
  const [row] = await b.database.query('select state, received_amount::int as received from incoming_payments')
  expect(row).toEqual({ state: 'PENDING', received: 0 })
  expect(payment).toMatchObject({ state: 'COMPLETED', sentAmount: { value: ASKED } })
  expect((await a.audit()).findings).toEqual([])
  await b.database.query(LET_GO)
  await waitFor(
    'the row has followed',
    async () => (await b.admin.incomingPayment(idOf(receiver.id))).state === 'COMPLETED',
    {
      deadlineMs: 60_000,
    },
  )
  expect((await b.audit()).findings).toEqual([])
}, 180_000)

function idOf(url: string): string {
  return url.split('/').at(-1) ?? ''
}
