import type { Ledger, LedgerId, Outcome, Refusal } from '@kivuko/accounting'
import { type Logger, messageOf } from '@kivuko/platform'
import type { ConnectorMetrics } from './connector-metrics.js'
import type { FulfilledCharge, LateCharges } from './late-charges.js'

type Verb = 'post' | 'void'
type Unknown = Extract<Outcome, { kind: 'unknown' }>

const FIRST_RETRY_MS = 50
const LONGEST_RETRY_MS = 5_000
const PATIENCE_STEP_MS = 100
// A node that ends waits as long for its ledger; then the audit lists what it could not confirm.
const PATIENCE_AT_END_MS = 60_000

// What ends a void as well as a void does: nothing is reserved any more.
const RELEASED = new Set<Refusal>(['already-voided', 'expired', 'unknown-reservation'])
// What was fulfilled in time is charged all the same, by a transfer of its own.
const ENDED_TOO_EARLY = new Set<Refusal>(['already-voided', 'expired'])

/**
 * Ends reservations. A call that the ledger does not confirm is repeated with the same ids in the background until it is,
 * however long the ledger is away; the caller waits only as long as its own answer can.
 */
export class LedgerConfirmations {
  private underWay = 0
  private readonly onceIdle: (() => void)[] = []

  constructor(
    private readonly ledger: Ledger,
    private readonly metrics: ConnectorMetrics,
    private readonly logger: Logger,
    private readonly lateCharges: LateCharges,
  ) {}

  /** Charges what was fulfilled. `answer` is kept with the post, where the ledger keeps any. */
  post(charge: FulfilledCharge, patienceMs: number, answer?: Buffer): Promise<void> {
    return this.waitFor(this.confirmPost(charge, answer), patienceMs)
  }

  /** Frees what was refused. */
  void(ids: readonly LedgerId[], patienceMs: number): Promise<void> {
    return this.waitFor(this.confirmVoid(ids), patienceMs)
  }

  /** Counts work in the background that the end of the process has to wait for. */
  track(work: Promise<void>): void {
    void this.waitFor(work, 0)
  }

  /** A transfer that may stand or not: its packet is not answered, so that its sender asks for it. */
  noteUnknownTransfer(ids: readonly LedgerId[], message: string): void {
    this.metrics.ledgerDidNotConfirm('transfer', 'given-up')
    this.logger.error(
      { transfers: ids.map(String), message },
      'a packet stays without an answer: the ledger did not say whether it was credited',
    )
  }

  /** Resolves when nothing is under way any more, or after a minute: what is left then is listed by the audit. */
  async onIdle(): Promise<void> {
    if (this.underWay === 0) return
    const isIdle = new Promise<void>((resolve) => this.onceIdle.push(resolve))
    let timer: NodeJS.Timeout | undefined
    const isLate = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_AT_END_MS)
    })
    await Promise.race([isIdle, isLate])
    clearTimeout(timer)
    if (this.underWay > 0)
      this.logger.error({ unconfirmed: this.underWay }, 'the ledger never confirmed; see the audit')
  }

  private waitFor(confirmed: Promise<void>, patienceMs: number): Promise<void> {
    this.underWay++
    return new Promise((resolve, reject) => {
      // Whole steps, so that packets of one moment share a timer list.
      const timer = setTimeout(resolve, Math.max(Math.floor(patienceMs / PATIENCE_STEP_MS) * PATIENCE_STEP_MS, 0))
      const end = () => {
        clearTimeout(timer)
        this.underWay--
        if (this.underWay === 0) for (const resolveIdle of this.onceIdle.splice(0)) resolveIdle()
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

  private confirmPost(charge: FulfilledCharge, answer: Buffer | undefined): Promise<void> {
    const ids = charge.legs.map(({ id }) => id)
    return this.confirm('post', () => this.ledger.post(ids, answer)).then((refusal) =>
      refusal === undefined || refusal === 'already-posted' ? undefined : this.postRefused(charge, ids, refusal),
    )
  }

  private postRefused(charge: FulfilledCharge, ids: readonly LedgerId[], refusal: Refusal): Promise<void> | undefined {
    this.metrics.ledgerDidNotConfirm('post', 'refused')
    const facts = { reservations: ids.map(String), refusal }
    if (!ENDED_TOO_EARLY.has(refusal)) {
      this.logger.error(facts, 'a fulfilled packet could not be charged')
      return undefined
    }
    this.logger.warn(facts, 'the reservation of a fulfilled packet had ended before its post: it is charged late')
    // The next hop has fulfilled it and charges us: what fails here is no reject.
    return this.lateCharges.charge(charge).catch((error: unknown) => {
      this.logger.error({ ...facts, err: error }, 'a fulfilled packet could not be charged late; see the audit')
    })
  }

  private async confirmVoid(ids: readonly LedgerId[]): Promise<void> {
    const refusal = await this.confirm('void', () => this.ledger.void(ids))
    if (refusal === undefined || RELEASED.has(refusal)) return
    this.metrics.ledgerDidNotConfirm('void', 'refused')
    this.logger.error({ reservations: ids.map(String), refusal }, 'a rejected packet stays charged')
  }

  /** Why the ledger refused; undefined when it stands. */
  private confirm(verb: Verb, call: () => Promise<Outcome>, waitMs = FIRST_RETRY_MS): Promise<Refusal | undefined> {
    return ask(call).then((outcome) => {
      if (outcome.kind === 'accepted') return undefined
      if (outcome.kind === 'refused') return outcome.refusal
      if (waitMs === FIRST_RETRY_MS) this.metrics.ledgerDidNotConfirm(verb, 'retried')
      return new Promise((resolve) => setTimeout(resolve, waitMs)).then(() =>
        this.confirm(verb, call, Math.min(waitMs * 2, LONGEST_RETRY_MS)),
      )
    })
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
