import {
  AccountCode,
  assetAccounts,
  idFromUuid,
  type Ledger,
  type LedgerId,
  type Leg,
  MemoryLedger,
  type NewAccount,
  type Outcome,
  TransferCode,
} from '@kivuko/accounting'
import { ManualClock } from '@kivuko/platform'
import { beforeEach, describe, expect, it } from 'vitest'
import { EventLiquidity } from './event-liquidity.js'
import { eventTransferId, findEventTransfers } from './event-transfer-ids.js'
import { Liquidity, type LiquidityAccount } from './liquidity.js'

const asset = { id: '00000000-0000-4000-8000-00000000000a', ledger: 1 }
const paymentId = '00000000-0000-4000-8000-0000000000b0'
const eventId = '00000000-0000-4000-8000-0000000000e0'
const payment: NewAccount = {
  ...{ id: idFromUuid(paymentId), ledger: 1, code: AccountCode.incomingPayment, limit: 'debits' },
}

/** Remembers refused ids, as TigerBeetle does. */
class RememberingLedger extends MemoryLedger {
  private readonly refusedIds = new Set<LedgerId>()

  override async transfer(legs: readonly Leg[]): Promise<Outcome> {
    return this.remembering(legs, () => super.transfer(legs))
  }

  override async reserve(legs: readonly Leg[], timeoutSeconds: number): Promise<Outcome> {
    return this.remembering(legs, () => super.reserve(legs, timeoutSeconds))
  }

  private async remembering(legs: readonly Leg[], act: () => Promise<Outcome>): Promise<Outcome> {
    const leg = legs.findIndex(({ id }) => this.refusedIds.has(id))
    if (leg !== -1) return { kind: 'refused', leg, refusal: 'already-refused' }
    const outcome = await act()
    const id = outcome.kind === 'refused' ? legs[outcome.leg]?.id : undefined
    if (id !== undefined) this.refusedIds.add(id)
    return outcome
  }
}

describe('when the ledger’s answer was lost', () => {
  /** Does what it is asked for and does not say so, once for each kind of act. */
  class MuteLedger extends MemoryLedger {
    private readonly muted = new Set<string>()

    override async transfer(legs: readonly Leg[]): Promise<Outcome> {
      return this.once('transfer', await super.transfer(legs))
    }

    override async reserve(legs: readonly Leg[], timeoutSeconds: number): Promise<Outcome> {
      return this.once('reserve', await super.reserve(legs, timeoutSeconds))
    }

    private once(act: string, outcome: Outcome): Outcome {
      if (outcome.kind !== 'accepted' || this.muted.has(act)) return outcome
      this.muted.add(act)
      return { kind: 'unknown', message: 'no answer in time' }
    }
  }

  it('the same call finds what it has done, and no other call does it again', async () => {
    const ledger = new MuteLedger(new ManualClock(1_700_000_000_000))
    const liquidity = new EventLiquidity(ledger)
    await ledger.openAccounts([...assetAccounts(asset), payment])
    const isOpen = async () => undefined
    const account = { id: paymentId, asset, ensureOpen: isOpen, reopen: isOpen }
    const unavailable = { kind: 'unavailable', reason: 'LedgerUnavailable' }

    const deposit = (call: string) => liquidity.deposit(account, { eventId, amount: 700n, call })
    await expect(deposit('a')).rejects.toMatchObject(unavailable)
    expect(await deposit('b')).toMatchObject({ isOwn: false })
    expect(await deposit('a')).toEqual({ isOwn: true })

    const ended = '00000000-0000-4000-8000-0000000000e1'
    const withdraw = (call: string) =>
      liquidity.withdraw(account, { eventId: ended, amount: 700n, timeoutSeconds: 60n, call })
    await expect(withdraw('a')).rejects.toMatchObject(unavailable)
    await expect(withdraw('b')).rejects.toMatchObject({ kind: 'duplicate', reason: 'TransferExists' })
    await withdraw('a')
    expect((await findEventTransfers(ledger, ended)).map(({ transfer }) => transfer.state)).toEqual(['pending'])
  })
})

describe.each([
  ['forgets', MemoryLedger],
  ['remembers', RememberingLedger],
])('on a ledger that %s refused ids', (_, LedgerUnderTest) => {
  let clock: ManualClock
  let ledger: Ledger
  let liquidity: EventLiquidity
  let account: LiquidityAccount

  beforeEach(async () => {
    clock = new ManualClock(1_700_000_000_000)
    ledger = new LedgerUnderTest(clock)
    liquidity = new EventLiquidity(ledger)
    const open = async () => void (await ledger.openAccounts([payment]))
    account = { id: paymentId, asset, ensureOpen: async () => undefined, reopen: open }
    await ledger.openAccounts(assetAccounts(asset))
  })

  const held = async () => (await new Liquidity(ledger).of([paymentId])).get(paymentId)
  const states = async () => (await findEventTransfers(ledger, eventId)).map(({ transfer }) => transfer.state)

  describe('a deposit of an event', () => {
    const deposit = (call?: string) => liquidity.deposit(account, { eventId, amount: 700n, call })

    it('is the first call’s, which is told so as often as it asks', async () => {
      expect(await deposit('a')).toEqual({ isOwn: true })
      expect(await deposit('b')).toEqual({ isOwn: false, at: clock.now() })
      expect(await deposit('a')).toEqual({ isOwn: true })
      expect(await deposit()).toMatchObject({ isOwn: false })
      expect(await liquidity.findDeposit(account, { eventId, call: 'a' })).toEqual({ isOwn: true })
      expect(await liquidity.findDeposit(account, { eventId, call: 'b' })).toMatchObject({ isOwn: false })
      expect(await held()).toBe(700n)
    })

    it('is not found where there is none', async () => {
      expect(await liquidity.findDeposit(account, { eventId, call: 'a' })).toBeUndefined()
    })

    it('is made once where its account was missing at first', async () => {
      const [first, second] = await Promise.all([deposit('a'), deposit('b')])
      expect([first.isOwn, second.isOwn].sort()).toEqual([false, true])
      expect(await held()).toBe(700n)
    })

    it('is made once where the event’s own id is something else’s', async () => {
      await new Liquidity(ledger).deposit({ ...account, id: asset.id }, { id: eventId, amount: 700n })
      expect([(await deposit('a')).isOwn, (await deposit('b')).isOwn]).toEqual([true, false])
      expect(await held()).toBe(700n)
    })
  })

  describe('a withdrawal of an event', () => {
    const withdraw = (call: string, timeoutSeconds = 60n) =>
      liquidity.withdraw(account, { eventId, amount: 700n, timeoutSeconds, call })
    const lastId = async () => (await findEventTransfers(ledger, eventId)).at(-1)?.transfer.id ?? 0n

    beforeEach(async () => {
      await account.reopen()
      const [from, to] = assetAccounts(asset).map(({ id }) => id)
      const legs = { ledger: 1, amount: 700n, code: TransferCode.deposit }
      await ledger.transfer([
        { id: 77n, debitAccountId: to ?? 0n, creditAccountId: payment.id, ...legs },
        { id: 78n, debitAccountId: to ?? 0n, creditAccountId: from ?? 0n, ...legs },
      ])
    })

    it('is made again by another call after a void, after a timeout, and as often as that happens', async () => {
      for (let time = 0; time < 40; time += 1) {
        await withdraw(`call ${time}`)
        expect(await held()).toBe(0n)
        if (time % 2 === 0) await ledger.void([await lastId()])
        else clock.advance(60_001)
        expect(await held()).toBe(700n)
      }
      await withdraw('the last', 0n)
      expect(await held()).toBe(0n)
      expect((await states()).slice(-3)).toEqual(['voided', 'expired', 'posted'])
      await expect(withdraw('one more')).rejects.toMatchObject({ kind: 'conflict', reason: 'AlreadyPosted' })
    })

    it('is refused to others while one is open', async () => {
      await withdraw('a')
      await withdraw('a')
      await expect(withdraw('b')).rejects.toMatchObject({ kind: 'duplicate', reason: 'TransferExists' })
      await expect(withdraw('b', 0n)).rejects.toMatchObject({ kind: 'duplicate', reason: 'TransferExists' })
      expect(await states()).toEqual(['pending'])
    })

    it('tells the call that made it how it ended, also when others came after', async () => {
      await withdraw('a')
      await ledger.void([await lastId()])
      await expect(withdraw('a')).rejects.toMatchObject({ kind: 'conflict', reason: 'AlreadyVoided' })
      await withdraw('b')
      clock.advance(60_001)
      await expect(withdraw('b')).rejects.toMatchObject({ kind: 'forbidden', reason: 'TransferExpired' })
      await withdraw('c')
      await ledger.post([await lastId()])
      await withdraw('c')
      await expect(withdraw('a')).rejects.toMatchObject({ reason: 'AlreadyPosted' })
      expect(await states()).toEqual(['voided', 'expired', 'posted'])
    })

    it('is made by one of many at once', async () => {
      await withdraw('a')
      await ledger.void([await lastId()])
      const calls = Array.from({ length: 20 }, (_each, call) => withdraw(`${call}`))
      expect((await Promise.allSettled(calls)).filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(await states()).toEqual(['voided', 'pending'])
    })

    it('takes another id where the ledger has refused the event’s own', async () => {
      const wrong = { debitAccountId: 4_711n, creditAccountId: payment.id, ledger: 1, amount: 1n, code: 1 }
      await ledger.transfer([{ id: eventTransferId(eventId, 0), ...wrong }])
      await withdraw('a')
      expect(await held()).toBe(0n)
      expect(await states()).toEqual(['pending'])
    })

    it('takes another id where something else has the event’s own', async () => {
      const fromAsset = { id: eventId, amount: 1n, timeoutSeconds: 0n }
      await new Liquidity(ledger).withdraw({ ...account, id: asset.id }, fromAsset)
      await withdraw('a')
      await expect(withdraw('b')).rejects.toMatchObject({ reason: 'TransferExists' })
      expect(await held()).toBe(0n)
    })

    it('of more than there is spends no id', async () => {
      const more = { eventId, amount: 701n, timeoutSeconds: 0n, call: 'a' }
      await expect(liquidity.withdraw(account, more)).rejects.toMatchObject({ reason: 'InsufficientBalance' })
      await expect(liquidity.withdraw(account, { ...more, amount: 0n })).rejects.toMatchObject({ reason: 'AmountZero' })
      await withdraw('a', 0n)
      expect((await findEventTransfers(ledger, eventId)).map(({ attempt }) => attempt)).toEqual([0])
    })
  })
})
