import { AccountCode, type Ledger, type LedgerId, TransferCode, timeOrderedId } from '@kivuko/accounting'
import { SystemClock } from '@kivuko/platform'

const ACCOUNTS = 64
const LEDGER = 1
// What a packet's reservation gets; no pair of a run lives this long.
const TIMEOUT_SECONDS = 40
const FUNDS = 10n ** 15n
const CHAIN_LEGS = 64

const clock = new SystemClock()

export interface Run {
  readonly pairsPerSecond: number
  readonly p50Ms: number
  readonly pairs: number
}

/** 64 accounts with limits, funded from one without: every pair moves one unit between two of them. */
export class PairBench {
  private readonly accounts: LedgerId[] = []
  private moved = 0n

  private constructor(private readonly ledger: Ledger) {}

  static async open(ledger: Ledger): Promise<PairBench> {
    const bench = new PairBench(ledger)
    const bank = timeOrderedId(clock.nowMs())
    await must(ledger.openAccounts([{ id: bank, ledger: LEDGER, code: AccountCode.settlement, limit: 'none' }]))
    for (let n = 0; n < ACCOUNTS; n++) {
      const id = timeOrderedId(clock.nowMs())
      await must(ledger.openAccounts([{ id, ledger: LEDGER, code: AccountCode.peer, limit: 'debits' }]))
      await must(ledger.transfer([leg(bank, id, FUNDS)]))
      bench.accounts.push(id)
    }
    return bench
  }

  /** Reserves and posts, `inFlight` pairs at a time. */
  async run(inFlight: number, forMs: number): Promise<Run> {
    const durations: number[] = []
    const startedMs = performance.now()
    const end = startedMs + forMs
    const pairOff = async () => {
      let beganMs = performance.now()
      while (beganMs < end) {
        const pair = this.leg()
        await must(this.ledger.reserve([pair], TIMEOUT_SECONDS))
        await must(this.ledger.post([pair.id]))
        const endedMs = performance.now()
        durations.push(endedMs - beganMs)
        beganMs = endedMs
      }
    }
    await Promise.all(Array.from({ length: inFlight }, pairOff))
    const seconds = (performance.now() - startedMs) / 1_000
    this.moved += BigInt(durations.length)
    const p50Ms = median(durations)
    return { pairsPerSecond: Math.round(durations.length / seconds), p50Ms, pairs: durations.length }
  }

  /** Transfers posted at once, in chains, to bring the history to its size quickly. */
  async fill(transfers: number): Promise<void> {
    let left = Math.ceil(transfers / CHAIN_LEGS)
    const fillOn = async () => {
      while (left > 0) {
        left -= 1
        await must(this.ledger.transfer(Array.from({ length: CHAIN_LEGS }, () => this.leg())))
        this.moved += BigInt(CHAIN_LEGS)
      }
    }
    await Promise.all(Array.from({ length: 32 }, fillOn))
  }

  /** Throws unless the ledger holds exactly what was moved. */
  async checkSums(): Promise<void> {
    const expected = FUNDS * BigInt(ACCOUNTS) + this.moved
    const [totals] = await this.ledger.totals()
    const found = totals && [totals.debitsPosted, totals.creditsPosted, totals.debitsPending, totals.creditsPending]
    const right = [expected, expected, 0n, 0n]
    if (found?.join() !== right.join()) {
      throw new Error(`The sums differ: expected ${right.join(', ')}, found ${found?.join(', ')}.`)
    }
  }

  private leg() {
    const debit = Math.floor(Math.random() * ACCOUNTS)
    const credit = (debit + 1 + Math.floor(Math.random() * (ACCOUNTS - 1))) % ACCOUNTS
    return leg(this.account(debit), this.account(credit), 1n)
  }

  private account(index: number): LedgerId {
    const id = this.accounts[index]
    if (id === undefined) throw new Error(`there is no account ${index}`)
    return id
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

function leg(debitAccountId: LedgerId, creditAccountId: LedgerId, amount: bigint) {
  const id = timeOrderedId(clock.nowMs())
  return { id, ledger: LEDGER, debitAccountId, creditAccountId, amount, code: TransferCode.transfer }
}

async function must(answer: ReturnType<Ledger['post']>): Promise<void> {
  const outcome = await answer
  if (outcome.kind !== 'accepted') throw new Error(`The ledger answered ${JSON.stringify(outcome)}.`)
}
