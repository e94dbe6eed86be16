import { describe, expect, it } from 'vitest'
import type { AuditResult } from './audit.js'
import { auditJson, auditTable } from './audit-text.js'

const clean: AuditResult = {
  at: new Date('2026-01-01T00:00:00Z'),
  ledgers: [
    {
      ledger: 1,
      asset: 'USD/2',
      accounts: 12,
      debitsPosted: 2n ** 60n,
      creditsPosted: 2n ** 60n,
      debitsPending: 0n,
      creditsPending: 0n,
    },
  ],
  payments: [{ kind: 'outgoing', state: 'COMPLETED', count: 3 }],
  openReservations: 0,
  differences: { sums: [], packets: [], leftOff: 0 },
  unresolved: [],
  findings: [],
}

const broken: AuditResult = {
  ...clean,
  findings: [
    { kind: 'payment-differs', subject: 'outgoing payment p', expected: 'sent 90', found: 'debits 80', advice: 'look' },
  ],
}

describe('the audit as a table', () => {
  it('aligns numbers under their headings', () => {
    expect(auditTable(clean).split('\n').slice(0, 2)).toEqual([
      'ledger  asset  accounts  debits               credits              reserved',
      '     1  USD/2        12  1152921504606846976  1152921504606846976         0',
    ])
  })

  it('lists by peer and kind, and packet by packet, what is to be compared, and how to close it', () => {
    const at = new Date('2026-01-01T00:00:00Z')
    const peer = { peerId: 'p', peer: 'Bob', asset: 'USD/2', kind: 'released' } as const
    const sum = { ...peer, packets: 3, amount: 2n ** 60n, firstAt: at, lastAt: at }
    const packet = { ...peer, id: 'difference-1', packetId: 'packet-1', paymentId: null, amount: 7n, notedAt: at }
    const text = auditTable({ ...clean, differences: { sums: [sum], packets: [packet], leftOff: 2 } })
    expect(text).toContain('Bob              released        3  1152921504606846976  USD/2  2026-01-01T00:00:00.000Z')
    expect(text).toContain('released: the peer never answered; the source was refused with R00 and is not charged')
    expect(text).toContain('  do: ask the peer whether it charged this node for these packets')
    expect(text).not.toContain('shortfall:')
    expect(text).toContain('difference-1  released  Bob        7  USD/2  2026-01-01T00:00:00.000Z\nand 2 more: ')
    expect(text).toContain('closeBookDifference')
    expect(text).toMatch(/no findings, but 3 packets to compare with the books of peers$/)
    expect(auditTable(clean)).not.toContain('to compare with')
  })

  it('ends with one sentence when all is well', () => {
    expect(auditTable(clean)).toMatch(/no findings: every unit is accounted for$/)
  })

  it('names each finding with what was expected, found and to be done', () => {
    const text = auditTable(broken)
    expect(text).toContain(
      '1 finding\n\npayment-differs: outgoing payment p\n  expected: sent 90\n  found:    debits 80\n  do:       look',
    )
    expect(text).not.toContain('no findings')
  })
})

describe('the audit as JSON', () => {
  it('keeps amounts beyond 2^53 exact, as text', () => {
    expect(JSON.parse(auditJson(broken))).toMatchObject({
      at: '2026-01-01T00:00:00.000Z',
      ledgers: [{ debitsPosted: '1152921504606846976' }],
      findings: [{ kind: 'payment-differs', subject: 'outgoing payment p' }],
    })
  })
})
