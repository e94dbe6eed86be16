import { setTimeout as pause } from 'node:timers/promises'
import type { Ledger } from '@kivuko/accounting'
import type { Clock, DataSource } from '@kivuko/platform'
import { type AuditResult, type Finding, FindingList, isClean } from './audit.js'
import { assetRows, paymentCounts } from './audit.queries.js'
import { checkDifferences } from './difference-check.js'
import { sumsByPeer } from './difference-tally.js'
import { lookAtAccounts, lookAtLedgers, lookAtReservations } from './ledger-look.js'
import { lookForLostAccounts, lookForLostRows } from './orphan-look.js'
import { lookAtIncoming, lookAtOutgoing } from './payment-look.js'

/** A node this broken needs no longer list. */
const MAX_FINDINGS = 1_000
/** Longer than any gap the code leaves between a row and the ledger, and than a packet's usual way. */
const SECOND_LOOK_MS = 1_000

/**
 * Reads the ledger and the rows, changes nothing. Safe beside a working node: what one look finds is looked at again a
 * second later, and only what then still stands, unit for unit, is a finding. Of differences those are listed that were
 * there at the first look.
 */
export class AuditReport {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ledger: Ledger,
    private readonly clock: Clock,
    private readonly secondLookMs = SECOND_LOOK_MS,
  ) {}

  async run(): Promise<AuditResult> {
    const first = await this.look()
    if (isClean(first)) return first
    await pause(this.secondLookMs)
    const second = await this.look(first.at)
    const seenBefore = new Set(first.findings.map(standing))
    return { ...second, findings: second.findings.filter((finding) => seenBefore.has(standing(finding))) }
  }

  private async look(differencesUntil?: Date): Promise<AuditResult> {
    const at = this.clock.now()
    const ground = { db: this.dataSource.manager, ledger: this.ledger, nowMs: at.getTime() }
    const findings = new FindingList(MAX_FINDINGS)
    const ledgers = await lookAtLedgers(ground, findings)
    const openReservations = await lookAtReservations(ground, findings)
    const differences = await checkDifferences(ground, differencesUntil)
    const payments = await paymentCounts(ground.db)
    await lookAtOutgoing(ground, findings)
    await lookAtIncoming(ground, findings)
    const assets = await assetRows(ground.db)
    await lookAtAccounts(ground, findings, (accounts) => lookForLostAccounts(ground, assets, accounts, findings))
    await lookForLostRows(ground, assets, findings)
    const unresolved = sumsByPeer(differences.sums)
    return { at, ledgers, payments, openReservations, differences, unresolved, findings: findings.kept }
  }
}

function standing({ kind, subject, expected, found }: Finding): string {
  return [kind, subject, expected, found].join('\n')
}
