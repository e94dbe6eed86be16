import type { Ledger, LedgerId, Outcome } from '@kivuko/accounting'
import { type Logger, messageOf } from '@kivuko/platform'
import type { ConnectorMetrics } from './connector-metrics.js'

type Verb = 'post' | 'void'
type Unknown = Extract<Outcome, { kind: 'unknown' }>

// 20 tries, at most 5 s apart, outlast a restart of the database; then the audit has to look at it.
const ATTEMPTS = 20
const FIRST_RETRY_MS = 50
const LONGEST_RETRY_MS = 5_000
const PATIENCE_STEP_MS = 100

// What ends a void as well as a void does: nothing is reserved any more.
const RELEASED = new Set(['already-voided', 'expired', 'unknown-reservation'])

/**
 * Ends reservations. A call that the ledger does not confirm is repeated with the same ids in the background; the
 * caller waits for it only as long as its own answer can wait.
 */
export class LedgerConfirmations {
  private underWay = 0
  private onDrained: (() => void)[] = []

  constructor(
    private readonly ledger: Ledger,
    private readonly metrics: ConnectorMetrics,
    private readonly logger: Logger,
  ) {}

  /** Charges what was fulfilled. */
  post(ids: readonly LedgerId[], patienceMs: number): Promise<void> {
    return this.waitFor(this.confirm('post', ids), patienceMs)
  }

  /** Frees what was refused. */
  void(ids: readonly LedgerId[], patienceMs: number): Promise<void> {
    return this.waitFor(this.confirm('void', ids), patienceMs)
  }

  /** A transfer that may stand or not: its packet is not answered, so that its sender asks for it. */
  noteUnknownTransfer(ids: readonly LedgerId[], message: string): void {
    this.metrics.ledgerDidNotConfirm('transfer', 'given-up')
    this.logger.error(
      { transfers: ids.map(String), message },
      'a packet stays without an answer: the ledger did not say whether it was credited',
    )
  }

  /** Resolves when nothing is under way any more. */
  async drained(): Promise<void> {
    if (this.underWay > 0) await new Promise<void>((resolve) => this.onDrained.push(resolve))
  }

  private waitFor(confirmed: Promise<void>, patienceMs: number): Promise<void> {
    this.underWay++
    return new Promise((resolve, reject) => {
      // Whole steps, so that packets of one moment share a timer list.
      const timer = setTimeout(resolve, Math.max(Math.floor(patienceMs / PATIENCE_STEP_MS) * PATIENCE_STEP_MS, 0))
      const end = () => {
        clearTimeout(timer)
        this.underWay--
        if (this.underWay === 0) for (const drained of this.onDrained.splice(0)) drained()
      }
      confirmed.then(
        () => {
          end()
          resolve()
        },
        (error: unknown) => {
          end()
          reject(error)
        },
      )
    })
  }

  private confirm(verb: Verb, ids: readonly LedgerId[], attempt = 1, waitMs = FIRST_RETRY_MS): Promise<void> {
    return ask(() => this.ledger[verb](ids)).then((outcome) => {
      if (outcome.kind === 'accepted') return undefined
      if (outcome.kind === 'refused') return this.noteRefusal(verb, ids, outcome.refusal)
      if (attempt === ATTEMPTS) return this.giveUp(verb, ids, outcome.message)
      if (attempt === 1) this.metrics.ledgerDidNotConfirm(verb, 'retried')
      return new Promise((resolve) => setTimeout(resolve, waitMs)).then(() =>
        this.confirm(verb, ids, attempt + 1, Math.min(waitMs * 2, LONGEST_RETRY_MS)),
      )
    })
  }

  private noteRefusal(verb: Verb, ids: readonly LedgerId[], refusal: string): void {
    if (verb === 'void' ? RELEASED.has(refusal) : refusal === 'already-posted') return
    this.metrics.ledgerDidNotConfirm(verb, 'refused')
    const what = verb === 'post' ? 'a fulfilled packet could not be charged' : 'a rejected packet stays charged'
    this.logger.error({ reservations: ids.map(String), refusal }, what)
  }

  private giveUp(verb: Verb, ids: readonly LedgerId[], message: string): void {
    this.metrics.ledgerDidNotConfirm(verb, 'given-up')
    this.logger.error({ reservations: ids.map(String), verb, message }, 'the ledger never confirmed; see the audit')
  }
}

/** A verb that throws has answered nothing: whether it stands is not known. */
export function ask(call: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return call().catch(unanswered)
  } catch (error) {
    return Promise.resolve(unanswered(error))
  }
}

function unanswered(error: unknown): Unknown {
  return { kind: 'unknown', message: messageOf(error) }
}
