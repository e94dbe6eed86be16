import { type LedgerId, type Leg, MAX_AMOUNT, type Outcome, type Refusal, TransferCode } from '@kivuko/accounting'
import type { Draws } from '../../../harness/seed.js'
import { freshId, refused } from '../subject.js'
import type { Model, ModelAccount } from './model.js'

export type Operation =
  | { readonly verb: 'transfer'; readonly chain: readonly Leg[]; readonly broken?: Outcome }
  | {
      readonly verb: 'reserve'
      readonly chain: readonly Leg[]
      readonly timeoutSeconds: number
      readonly broken?: Outcome
    }
  | { readonly verb: 'post' | 'void'; readonly ids: readonly LedgerId[]; readonly broken?: Outcome }
  | { readonly verb: 'maximum'; readonly id: LedgerId; readonly maximum: bigint | undefined; readonly broken?: Outcome }

const LONG_SECONDS = 3_600

/** Draws operations: most of them sound, some of each kind that a ledger must refuse. */
export class Operations {
  private readonly chains: { chain: readonly Leg[]; timeoutSeconds: number | undefined }[] = []
  private readonly reserved: LedgerId[] = []

  constructor(
    private readonly draws: Draws,
    private readonly model: Model,
    private readonly credit: ModelAccount,
  ) {}

  next(): Operation {
    const dice = this.draws.between(1, 100)
    if (dice <= 30) return this.transfer(this.chain())
    if (dice <= 52) return this.reserve(this.chain(), this.draws.between(0, 1) * LONG_SECONDS)
    if (dice <= 68) return { verb: dice % 3 === 0 ? 'void' : 'post', ids: [this.someReserved()] }
    if (dice <= 72) return this.again()
    if (dice <= 75) return this.grant()
    if (dice <= 79) return this.maximum()
    if (dice <= 90) return this.flawed()
    return this.broken()
  }

  reserve(chain: readonly Leg[], timeoutSeconds: number): Operation {
    this.chains.push({ chain, timeoutSeconds })
    this.reserved.push(...chain.map(({ id }) => id))
    return { verb: 'reserve', chain, timeoutSeconds }
  }

  leg(): Leg {
    const debit = this.pick([...this.model.accounts.values()].filter(({ id }) => id !== this.credit.id))
    const credits = [...this.model.accounts.values()].filter(
      ({ id, ledger }) => ledger === debit.ledger && id !== debit.id && id !== this.credit.id,
    )
    return this.legBetween(debit, this.pick(credits))
  }

  private transfer(chain: readonly Leg[]): Operation {
    this.chains.push({ chain, timeoutSeconds: undefined })
    return { verb: 'transfer', chain }
  }

  private chain(): Leg[] {
    return Array.from({ length: this.draws.between(1, 3) }, () => this.leg())
  }

  private legBetween(debit: ModelAccount, credit: ModelAccount): Leg {
    const amount = BigInt(this.draws.between(1, 60))
    const reference = this.draws.between(0, 1) === 0 ? {} : { reference: freshId() }
    const code: number = TransferCode.transfer
    return {
      id: freshId(),
      ledger: debit.ledger,
      debitAccountId: debit.id,
      creditAccountId: credit.id,
      amount,
      code,
      ...reference,
    }
  }

  /** Something asked for before, as it was. */
  private again(): Operation {
    const before = this.chains.at(-this.draws.between(1, 20)) ?? { chain: this.chain(), timeoutSeconds: undefined }
    const stood = before.chain.every(({ id }) => this.model.entries.has(id))
    if (!stood) return this.transfer(this.chain())
    const { chain, timeoutSeconds } = before
    return timeoutSeconds === undefined ? { verb: 'transfer', chain } : { verb: 'reserve', chain, timeoutSeconds }
  }

  private grant(): Operation {
    const account = this.pick(
      [...this.model.accounts.values()].filter(
        ({ limit, ledger }) => limit === 'both' && ledger === this.credit.ledger,
      ),
    )
    const leg =
      this.draws.between(0, 2) === 0 ? this.legBetween(account, this.credit) : this.legBetween(this.credit, account)
    const { reference: _, ...plain } = leg
    return this.transfer([{ ...plain, code: TransferCode.credit }])
  }

  private maximum(): Operation {
    const dice = this.draws.between(1, 6)
    if (dice === 1) return { verb: 'maximum', id: freshId(), maximum: 5n }
    const accounts = [...this.model.accounts.values()].filter(({ limit }) => (limit === 'both') === dice > 2)
    const id = this.pick(accounts).id
    return { verb: 'maximum', id, maximum: dice === 6 ? undefined : BigInt(this.draws.between(50, 400)) }
  }

  /** Sound by form, but wrong for the ledger. */
  private flawed(): Operation {
    const leg = this.leg()
    const known = this.chains.filter(({ chain }) => chain.every(({ id }) => this.model.entries.has(id)))
    const taken = known.at(-this.draws.between(1, 10))?.chain[0]
    const flaws: readonly (() => Operation)[] = [
      () => this.transfer([{ ...leg, debitAccountId: freshId() }]),
      () => this.transfer([leg, { ...this.leg(), creditAccountId: freshId() }]),
      () => this.transfer([{ ...leg, ledger: leg.ledger + 40_000 }]),
      () => this.transfer([{ ...leg, amount: MAX_AMOUNT }]),
      () => (taken ? { verb: 'transfer', chain: [{ ...taken, code: taken.code + 7 }] } : this.transfer([leg])),
      () => ({ verb: this.draws.between(0, 1) === 0 ? 'post' : 'void', ids: [freshId()] }),
      () => ({ verb: 'void', ids: [this.reserved.at(0) ?? freshId()] }),
      () => (this.reserved.length < 3 ? this.transfer([leg]) : { verb: 'post', ids: this.reserved.slice(-3) }),
      () => ({ verb: 'post', ids: [this.someVoided()] }),
    ]
    return this.pick(flaws)()
  }

  /** Wrong by form: the refusal is known without any ledger. */
  private broken(): Operation {
    const leg = this.leg()
    const chain = (refusal: Refusal, changes: Partial<Leg>): Operation => ({
      verb: 'transfer',
      chain: [leg, { ...this.leg(), ...changes }],
      broken: refused(refusal, 1),
    })
    const kinds: readonly (() => Operation)[] = [
      () => ({ verb: 'transfer', chain: [], broken: refused('invalid-chain') }),
      () => chain('invalid-id', { id: 0n }),
      () => chain('repeated-id', { id: leg.id }),
      () => chain('invalid-amount', { amount: 0n }),
      () => chain('invalid-ledger', { ledger: 0 }),
      () => chain('invalid-code', { code: 65_536 }),
      () => chain('invalid-reference', { reference: -1n }),
      () => chain('same-accounts', { debitAccountId: leg.debitAccountId, creditAccountId: leg.debitAccountId }),
      () => ({ verb: 'reserve', chain: [leg], timeoutSeconds: -1, broken: refused('invalid-timeout') }),
    ]
    return this.pick(kinds)()
  }

  private someReserved(): LedgerId {
    const open = this.reserved.filter((id) => this.model.entries.get(id)?.state === 'pending')
    const from = open.length > 0 && this.draws.between(1, 10) <= 9 ? open : this.reserved
    return from.length === 0 ? freshId() : this.pick(from)
  }

  private someVoided(): LedgerId {
    return this.reserved.findLast((id) => this.model.entries.get(id)?.state === 'voided') ?? freshId()
  }

  private pick<T>(items: readonly T[]): T {
    const item = items[this.draws.between(0, items.length - 1)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }
}
