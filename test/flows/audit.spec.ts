import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Finding, FindingKind } from '@kivuko/reports'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { TestNetwork } from '../harness/network.js'

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

describe('npm run audit', () => {
  const script = fileURLToPath(new URL('../../scripts/audit.mjs', import.meta.url))

  async function runAudit(): Promise<{ code: number | null; output: string }> {
    const child = spawn(process.execPath, [script, '--json'], {
      env: network.a.env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const parts: Buffer[] = []
    child.stdout.on('data', (part: Buffer) => parts.push(part))
    const [code] = await once(child, 'close')
    return { code, output: Buffer.concat(parts).toString() }
  }

  it('beside a running node ends with 0 when nothing is found', async () => {
    const { code, output } = await runAudit()
    expect(JSON.parse(output)).toMatchObject({ findings: [], ledgers: [{ asset: 'USD/2' }] })
    expect(code).toBe(0)
  })

  it('ends with 1 and the finding when something is', async () => {
    const { database } = network.a
    const set = 'UPDATE incoming_payments SET received_amount = $2 WHERE id = $1'
    await database.query(set, [paid.incoming, '2499'])
    try {
      const { code, output } = await runAudit()
      expect(JSON.parse(output).findings).toMatchObject([{ subject: `incoming payment ${paid.incoming}` }])
      expect(code).toBe(1)
    } finally {
      await database.query(set, [paid.incoming, '2500'])
    }
  })
})
