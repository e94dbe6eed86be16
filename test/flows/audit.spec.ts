import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Finding, FindingKind } from '@kivuko/reports'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { noteDifference } from '../harness/book-differences.js'
import { TestNetwork } from '../harness/network.js'
import { TENANT_ID } from '../harness/node-settings.js'

let network: TestNetwork
let paid: { outgoing: string; incoming: string }

/** A local payment of 2500 at node a leaves one payment of each direction at its end. */
beforeAll(async () => {
  network = await TestNetwork.start()
  const { receiver, payment } = await network.pay(network.aliceUsd, network.andyUsd, { asked: 2_500n })
  expect(payment.state).toBe('COMPLETED')
  const incoming = receiver.id.split('/').at(-1) ?? ''
  await network.a.operator.event('incoming_payment.completed', incoming)
  paid = { outgoing: payment.id, incoming }
})
afterEach(() => network.expectConserved())
afterAll(() => network.stop())

/** Changes rows by hand, audits, and puts them back. */
async function findingsAfter(change: string, restore: string, values: readonly string[]): Promise<readonly Finding[]> {
  const { database } = network.a
  const changed = await database.query(`${change} RETURNING 1`, values)
  expect(changed.length, 'rows changed by hand').toBe(1)
  try {
    return (await network.a.audit()).findings
  } finally {
    await database.query(restore, values)
  }
}

function only(findings: readonly Finding[], kind: FindingKind): Finding {
  expect(findings.map((finding) => finding.kind)).toEqual([kind])
  const [finding] = findings
  if (finding === undefined) throw new Error('no finding')
  return finding
}

describe('the audit', () => {
  it('of a node that has paid counts its payments and finds nothing', async () => {
    const result = await network.a.audit()
    expect(result.findings).toEqual([])
    expect(result.payments).toContainEqual({ kind: 'outgoing', state: 'COMPLETED', count: 1 })
    expect(result.payments).toContainEqual({ kind: 'incoming', state: 'COMPLETED', count: 1 })
    expect(result.ledgers).toMatchObject([{ asset: 'USD/2' }])
  })

  it('names a ledger in which a unit was made', async () => {
    const change = (sign: string) =>
      `UPDATE ledger_accounts SET credits_posted = credits_posted ${sign} 1 WHERE id = $1`
    const findings = await findingsAfter(change('+'), change('-'), [network.aliceUsd.asset.id])
    expect(only(findings, 'ledger-unbalanced')).toMatchObject({ subject: 'ledger 1' })
  })

  it('names an account that has spent more than it had, even when the sums agree', async () => {
    const move = (amount: string) =>
      `UPDATE ledger_accounts SET debits_posted = debits_posted + ${amount} WHERE id = $1`
    const other = (amount: string) =>
      `UPDATE ledger_accounts SET credits_posted = credits_posted + ${amount} WHERE id = $1`
    const { database } = network.a
    await database.query(other('1'), [network.peerIds.bAtA])
    try {
      const findings = await findingsAfter(move('1'), move('-1'), [network.aliceUsd.walletAddressId])
      expect(only(findings, 'account-beyond-limit').subject).toContain(network.aliceUsd.walletAddressId)
    } finally {
      await database.query(other('-1'), [network.peerIds.bAtA])
    }
  })

  it('names an outgoing payment whose row and account tell different stories', async () => {
    const set = (sent: string) => `UPDATE outgoing_payments SET sent_amount = ${sent} WHERE id = $1`
    const findings = await findingsAfter(set('2499'), set('2500'), [paid.outgoing])
    expect(only(findings, 'payment-differs')).toMatchObject({
      subject: `outgoing payment ${paid.outgoing}`,
      expected: 'COMPLETED: funded with 2500, sent 2499, nothing reserved',
    })
  })

  it('names an incoming payment whose row is behind its account', async () => {
    const set = (received: string) => `UPDATE incoming_payments SET received_amount = ${received} WHERE id = $1`
    const findings = await findingsAfter(set('2499'), set('2500'), [paid.incoming])
    expect(only(findings, 'payment-differs')).toMatchObject({ subject: `incoming payment ${paid.incoming}` })
  })

  it('names a reservation past its timeout and the peer it is held for', async () => {
    const { database } = network.a
    const account = await database.query('SELECT no FROM ledger_accounts WHERE id = $1', [network.peerIds.bAtA])
    const id = '99999999-9999-4999-8999-999999999999'
    const insert = `INSERT INTO ledger_transfers
      (id, debit_account, credit_account, amount, code, created_at, timeout_seconds, expires_at, state)
      VALUES ($1, ${account[0]?.no}, ${account[0]?.no}, 7, 1, '2026-01-01', 40, '2026-01-01T00:00:40Z', 'pending')`
    const findings = await findingsAfter(insert, 'DELETE FROM ledger_transfers WHERE id = $1', [id])
    expect(only(findings, 'reservation-overdue').subject).toBe(`reservation ${id} of peer b (${network.peerIds.bAtA})`)
  })

  it('names an account whose row is gone', async () => {
    const id = '88888888-8888-4888-8888-888888888888'
    const insert = `INSERT INTO ledger_accounts (id, ledger, code, limit_on) VALUES ($1, 1, 1, 'debits')`
    const findings = await findingsAfter(insert, 'DELETE FROM ledger_accounts WHERE id = $1', [id])
    expect(only(findings, 'account-without-row')).toMatchObject({
      subject: `wallet address account ${id}`,
      expected: 'a row in wallet_addresses',
    })
  })

  it('names a row whose account is gone', async () => {
    const rename = (from: string, to: string) => `UPDATE ledger_accounts SET id = ${to}, code = code WHERE id = ${from}`
    const lost = `'77777777-7777-4777-8777-777777777777'::uuid`
    const findings = await findingsAfter(rename('$1', lost), rename(lost, '$1'), [network.andyUsd.walletAddressId])
    expect(findings.map(({ kind }) => kind).sort()).toEqual(['account-without-row', 'row-without-account'])
    const row = findings.find(({ kind }) => kind === 'row-without-account')
    expect(row?.subject).toBe(`wallet_addresses ${network.andyUsd.walletAddressId}`)
  })
})

describe('the audit of differences', () => {
  const AUDIT = `{ audit { unresolved { peerId peer asset packets amount }
    differences { sums { kind peerId peer asset packets amount } packets { id packetId kind peer paymentId asset amount } leftOff } } }`
  const auditShape = z.object({ audit: z.object({ unresolved: z.unknown(), differences: z.unknown() }) })

  it('names the packets by which a peer may count otherwise, until they are closed', async () => {
    const { a, peerIds } = network
    const bob = { tenantId: TENANT_ID, peerId: peerIds.bAtA }
    const [one, two] = [randomUUID(), randomUUID()]
    const released = await noteDifference(a.database, { ...bob, kind: 'released', packetId: one })
    const late = await noteDifference(a.database, { ...bob, kind: 'fulfilled-late', packetId: two, amount: 7n })
    const { audit } = await a.admin.client.request(AUDIT, {}, auditShape)
    const peer = { peerId: peerIds.bAtA, peer: 'b', asset: 'USD/2' }
    const packet = { peer: 'b', paymentId: null, asset: 'USD/2' }
    const packets = [
      { id: released, packetId: one, kind: 'RELEASED', amount: '10', ...packet },
      { id: late, packetId: two, kind: 'FULFILLED_LATE', amount: '7', ...packet },
    ]
    expect(audit).toEqual({
      unresolved: [{ ...peer, packets: 2, amount: '17' }],
      differences: {
        sums: [
          { kind: 'FULFILLED_LATE', ...peer, packets: 1, amount: '7' },
          { kind: 'RELEASED', ...peer, packets: 1, amount: '10' },
        ],
        packets: expect.arrayContaining(packets),
        leftOff: 0,
      },
    })
    await Promise.all([released, late].map((id) => a.admin.closeBookDifference(id, 'agreed with b', 0n)))
    expect((await a.audit()).differences).toEqual({ sums: [], packets: [], leftOff: 0 })
  })

  it('names those of an own payment without a peer, in the payment’s asset', async () => {
    const { a } = network
    const own = { tenantId: TENANT_ID, paymentId: paid.outgoing, kind: 'shortfall' } as const
    const id = await noteDifference(a.database, own)
    const { differences, unresolved } = await a.audit()
    const expected = { kind: 'shortfall', peerId: null, peer: 'own payments', asset: 'USD/2', amount: 10n }
    expect(differences).toMatchObject({ sums: [expected], packets: [{ id, paymentId: paid.outgoing }] })
    expect(unresolved).toEqual([])
    const query =
      'query ($id: String!) { outgoingPayment(id: $id) { openDifferences { edges { node { id amount asset { code } } } } } }'
    const { outgoingPayment } = await a.admin.client.request(
      query,
      { id: paid.outgoing },
      z.record(z.string(), z.unknown()),
    )
    const node = { id, amount: '10', asset: { code: 'USD' } }
    expect(outgoingPayment).toEqual({ openDifferences: { edges: [{ node }] } })
    await a.admin.closeBookDifference(id, 'written off', 10n)
  })
})

describe('npm run audit', () => {
  const script = fileURLToPath(new URL('../../scripts/audit.mjs', import.meta.url))

  async function runAudit(...options: string[]): Promise<{ code: number | null; output: string }> {
    const child = spawn(process.execPath, [script, ...options], {
      env: network.a.env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const parts: Buffer[] = []
    child.stdout.on('data', (part: Buffer) => parts.push(part))
    const [code] = await once(child, 'close')
    return { code, output: Buffer.concat(parts).toString() }
  }

  it('beside a running node ends with 0 when nothing is found', async () => {
    const { code, output } = await runAudit('--json')
    expect(JSON.parse(output)).toMatchObject({ findings: [], ledgers: [{ asset: 'USD/2' }] })
    expect(code).toBe(0)
  })

  it('ends with 1 and the finding when something is', async () => {
    const { database } = network.a
    const set = 'UPDATE incoming_payments SET received_amount = $2 WHERE id = $1'
    await database.query(set, [paid.incoming, '2499'])
    try {
      const { code, output } = await runAudit('--json')
      expect(JSON.parse(output).findings).toMatchObject([{ subject: `incoming payment ${paid.incoming}` }])
      expect(code).toBe(1)
    } finally {
      await database.query(set, [paid.incoming, '2500'])
    }
  })

  it('ends with 1 and the packets while there is something to compare with a peer, and with 0 once it is closed', async () => {
    const { a, peerIds } = network
    const difference = { tenantId: TENANT_ID, peerId: peerIds.bAtA, kind: 'fulfilled-late' } as const
    const id = await noteDifference(a.database, difference)
    const told = await runAudit('--json')
    const { findings, differences } = JSON.parse(told.output)
    expect(findings).toEqual([])
    expect(differences).toMatchObject({
      sums: [{ kind: 'fulfilled-late', peer: 'b', packets: 1, amount: '10' }],
      packets: [{ id, kind: 'fulfilled-late', amount: '10' }],
    })
    expect(told.code).toBe(1)
    const shown = await runAudit()
    expect(shown.output).toContain(id)
    expect(shown.output).toContain('no findings, but 1 packet to compare with the books of peers')
    expect(shown.code).toBe(1)
    await a.admin.closeBookDifference(id, 'b has taken the charge back', 0n)
    const last = await runAudit()
    expect([last.code, last.output.trimEnd().split('\n').at(-1)]).toEqual([
      0,
      'no findings: every unit is accounted for',
    ])
  })

  it('ends with 1 for a reservation that ran out and was never noted, and its id closes it', async () => {
    const { a, peerIds } = network
    const id = randomUUID()
    const account = await a.database.query('SELECT no FROM ledger_accounts WHERE id = $1', [peerIds.bAtA])
    const insert = `INSERT INTO ledger_transfers
      (id, debit_account, credit_account, amount, code, created_at, timeout_seconds, expires_at, state)
      VALUES ($1, ${account[0]?.no}, ${account[0]?.no}, 7, 1, now() - interval '2 minutes', 40, now() - interval '1 minute', 'expired')`
    await a.database.query(insert, [id])
    const { code, output } = await runAudit('--json')
    expect(JSON.parse(output).differences.packets).toMatchObject([{ id, packetId: id, kind: 'abandoned', amount: '7' }])
    expect(code).toBe(1)
    await a.admin.closeBookDifference(id, 'b never had it', 0n)
    expect((await runAudit()).code).toBe(0)
    const [row] = await a.database.query('SELECT * FROM book_differences WHERE id = $1', [id])
    expect(row).toMatchObject({ ledger_id: id, kind: 'abandoned', closed_reason: 'b never had it', closed_amount: '0' })
  })
})
