import {
  AccountCode,
  assetAccounts,
  idFromUuid,
  type Ledger,
  type Leg,
  MAX_AMOUNT,
  MemoryLedger,
  type NewAccount,
  type Outcome,
} from '@kivuko/accounting'
import { DomainError, ManualClock } from '@kivuko/platform'
import { beforeEach, describe, expect, it } from 'vitest'
import { AccountOpening } from './account-opening.js'
import { Liquidity, type LiquidityAccount } from './liquidity.js'

const asset = { id: '00000000-0000-4000-8000-00000000000a', ledger: 1 }
const peerId = '00000000-0000-4000-8000-0000000000b0'
const peerAccount: NewAccount = { id: idFromUuid(peerId), ledger: 1, code: AccountCode.peer, limit: 'both' }

const transferId = (n: number) => `00000000-0000-4000-8000-${n.toString().padStart(12, '0')}`

/** Takes no id again that it has refused for whatever reason, as a ledger might. */
class UnforgivingLedger extends MemoryLedger {
  isAway = false
  private readonly burned = new Set<bigint>()

  override async balances(ids: readonly bigint[]) {
    if (this.isAway) throw new DomainError('unavailable', 'LedgerUnavailable', 'silence')
    return super.balances(ids)
  }

  override async openAccounts(accounts: readonly NewAccount[]): Promise<Outcome> {
    return this.isAway ? { kind: 'unknown', message: 'silence' } : super.openAccounts(accounts)
  }

  override async transfer(chain: readonly Leg[]): Promise<Outcome> {
    if (this.isAway) return { kind: 'unknown', message: 'silence' }
    const leg = chain.findIndex(({ id }) => this.burned.has(id))
    if (leg !== -1) return { kind: 'refused', leg, refusal: 'already-refused' }
    const outcome = await super.transfer(chain)
    if (outcome.kind === 'refused') for (const { id } of chain) this.burned.add(id)
    return outcome
  }
}

let clock: ManualClock
let ledger: Ledger
let liquidity: Liquidity
let account: LiquidityAccount

beforeEach(async () => {
  clock = new ManualClock(1_700_000_000_000)
  ledger = new MemoryLedger(clock)
  liquidity = new Liquidity(ledger)
  account = accountIn(ledger)
  await ledger.openAccounts([...assetAccounts(asset), peerAccount])
})

function accountIn(ledger: Ledger): LiquidityAccount {
  return new AccountOpening(ledger).asLiquidity({ id: peerId, asset, account: peerAccount })
}

const held = async () => (await liquidity.of([peerId])).get(peerId)

describe('deposits', () => {
  it('raise what the account holds', async () => {
    await liquidity.deposit(account, { id: transferId(1), amount: 500n })
    await liquidity.deposit(account, { id: transferId(2), amount: 1n })
    expect(await held()).toBe(501n)
  })

  it('happen once, however often the same id is sent', async () => {
    for (let i = 0; i < 3; i++) await liquidity.deposit(account, { id: transferId(1), amount: 500n })
    expect(await held()).toBe(500n)
  })

  it('are refused when the id belongs to another amount', async () => {
    await liquidity.deposit(account, { id: transferId(1), amount: 500n })
    const again = liquidity.deposit(account, { id: transferId(1), amount: 501n })
    await expect(again).rejects.toMatchObject({ kind: 'duplicate', reason: 'TransferExists' })
    expect(await held()).toBe(500n)
  })

  it.each([
    [{ id: transferId(1), amount: 0n }, 'AmountZero'],
    [{ id: transferId(1), amount: -1n }, 'InvalidAmount'],
    [{ id: transferId(1), amount: MAX_AMOUNT + 1n }, 'InvalidAmount'],
    [{ id: 'deposit-1', amount: 1n }, 'InvalidId'],
    [{ id: '00000000-0000-0000-0000-000000000000', amount: 1n }, 'InvalidId'],
  ])('of %o are refused as %s', async (deposit, reason) => {
    await expect(liquidity.deposit(account, deposit)).rejects.toMatchObject({ kind: 'invalid', reason })
    expect(await held()).toBe(0n)
  })

  it('open an account that the ledger lacks, and its asset’s, before they are sent', async () => {
    ledger = new UnforgivingLedger(clock)
    liquidity = new Liquidity(ledger)
    await liquidity.deposit(accountIn(ledger), { id: transferId(1), amount: 500n })
    expect(await held()).toBe(500n)
  })

  it('open an account that was thought to be open', async () => {
    const before = ledger
    ledger = new MemoryLedger(clock)
    liquidity = new Liquidity(ledger)
    const { ensureOpen } = accountIn(before)
    await liquidity.deposit({ ...accountIn(ledger), ensureOpen }, { id: transferId(1), amount: 500n })
    expect(await held()).toBe(500n)
  })

  it('stand when the ledger was away at their first attempt', async () => {
    const away = new UnforgivingLedger(clock)
    ledger = away
    liquidity = new Liquidity(ledger)
    away.isAway = true
    account = accountIn(ledger)
    const deposit = { id: transferId(1), amount: 500n }
    await expect(liquidity.deposit(account, deposit)).rejects.toMatchObject({ kind: 'unavailable' })
    away.isAway = false
    await liquidity.deposit(account, deposit)
    expect(await held()).toBe(500n)
  })

  it('say that nobody knows when the ledger did not answer', async () => {
    class SilentLedger extends MemoryLedger {
      override async transfer(): Promise<Outcome> {
        return { kind: 'unknown', message: 'no answer within 5 s' }
      }
    }
    const silent = new Liquidity(new SilentLedger(clock))
    await expect(silent.deposit(account, { id: transferId(1), amount: 1n })).rejects.toMatchObject({
      kind: 'unavailable',
      reason: 'LedgerUnavailable',
      message: expect.stringContaining('no answer within 5 s'),
    })
  })
})

describe('withdrawals', () => {
  beforeEach(() => liquidity.deposit(account, { id: transferId(1), amount: 500n }))

  it('in one phase are final', async () => {
    await liquidity.withdraw(account, { id: transferId(2), amount: 200n, timeoutSeconds: 0n })
    expect(await held()).toBe(300n)
    const posted = ledger.post([idFromUuid(transferId(2))])
    await expect(posted).resolves.toMatchObject({ kind: 'refused' })
  })

  it('in two phases hold the money until it is posted', async () => {
    await liquidity.withdraw(account, { id: transferId(2), amount: 200n, timeoutSeconds: 60n })
    expect(await held()).toBe(300n)
    await ledger.post([idFromUuid(transferId(2))])
    clock.advance(61_000)
    expect(await held()).toBe(300n)
  })

  it('give the money back when the timeout passes', async () => {
    await liquidity.withdraw(account, { id: transferId(2), amount: 200n, timeoutSeconds: 60n })
    clock.advance(60_001)
    expect(await held()).toBe(500n)
  })

  it('are answered by what has become of them, not by their repetition', async () => {
    const withdrawal = (n: number) => ({ id: transferId(n), amount: 100n, timeoutSeconds: 60n })
    const again = (n: number) => liquidity.withdraw(account, withdrawal(n))
    for (const n of [2, 3, 4]) await again(n)
    await again(2)
    await ledger.void([idFromUuid(transferId(2))])
    await ledger.post([idFromUuid(transferId(3))])
    clock.advance(60_001)
    await expect(again(2)).rejects.toMatchObject({ kind: 'conflict', reason: 'AlreadyVoided' })
    await expect(again(3)).rejects.toMatchObject({ kind: 'conflict', reason: 'AlreadyPosted' })
    await expect(again(4)).rejects.toMatchObject({ kind: 'forbidden', reason: 'TransferExpired' })
    const atOnce = { ...withdrawal(2), timeoutSeconds: 0n }
    await expect(liquidity.withdraw(account, atOnce)).rejects.toMatchObject({ reason: 'AlreadyVoided' })
    expect(await held()).toBe(400n)
  })

  it('in one phase are repeated alike', async () => {
    for (let times = 0; times < 2; times += 1) {
      await liquidity.withdraw(account, { id: transferId(2), amount: 200n, timeoutSeconds: 0n })
    }
    expect(await held()).toBe(300n)
    const other = liquidity.withdraw(account, { id: transferId(2), amount: 200n, timeoutSeconds: 60n })
    await expect(other).rejects.toMatchObject({ kind: 'duplicate', reason: 'TransferExists' })
  })

  it('never take more than there is', async () => {
    const tooMuch = liquidity.withdraw(account, { id: transferId(2), amount: 501n, timeoutSeconds: 0n })
    await expect(tooMuch).rejects.toMatchObject({ kind: 'forbidden', reason: 'InsufficientBalance' })
    await liquidity.withdraw(account, { id: transferId(3), amount: 400n, timeoutSeconds: 60n })
    const more = liquidity.withdraw(account, { id: transferId(4), amount: 101n, timeoutSeconds: 60n })
    await expect(more).rejects.toMatchObject({ kind: 'forbidden', reason: 'InsufficientBalance' })
  })

  it.each([-1n, 2n ** 32n])('refuse a timeout of %d seconds', async (timeoutSeconds) => {
    const withdrawal = liquidity.withdraw(account, { id: transferId(2), amount: 1n, timeoutSeconds })
    await expect(withdrawal).rejects.toMatchObject({ kind: 'invalid', reason: 'InvalidTimeout' })
  })
})
