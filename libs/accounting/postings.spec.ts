import { describe, expect, it } from 'vitest'
import { AccountCode, available } from './account.js'
import { idFromUuid, legId } from './ids.js'
import {
  assetAccounts,
  creditAccountId,
  creditLineLegs,
  depositLegs,
  paymentLegs,
  settlementAccountId,
  withdrawalLegs,
} from './postings.js'

const usd = { id: '00000000-0000-4000-8000-0000000000aa', ledger: 1 }
const eur = { id: '00000000-0000-4000-8000-0000000000bb', ledger: 2 }
const [usdLiquidity, eurLiquidity] = [idFromUuid(usd.id), idFromUuid(eur.id)]
const [payer, payee] = [11n, 22n]

describe('postings', () => {
  it('open liquidity, settlement and credit for each asset', () => {
    expect(assetAccounts(usd)).toEqual([
      { id: usdLiquidity, ledger: 1, code: AccountCode.asset, limit: 'debits' },
      { id: settlementAccountId(usd), ledger: 1, code: AccountCode.settlement, limit: 'credits' },
      { id: creditAccountId(usd), ledger: 1, code: AccountCode.credit, limit: 'none' },
    ])
    expect(settlementAccountId(usd)).not.toBe(settlementAccountId(eur))
  })

  it('bring a deposit in from settlement and take a withdrawal back there', () => {
    const posting = { id: 5n, accountId: payer, asset: usd, amount: 100n }
    const settlement = settlementAccountId(usd)
    expect(depositLegs(posting)).toMatchObject([{ debitAccountId: settlement, creditAccountId: payer, code: 2 }])
    expect(withdrawalLegs(posting)).toMatchObject([{ debitAccountId: payer, creditAccountId: settlement, code: 3 }])
  })

  it('raise a credit line from the credit account and lower it back', () => {
    const credit = creditAccountId(usd)
    const change = { id: 5n, accountId: payer, asset: usd }
    const raised = { debitAccountId: credit, creditAccountId: payer, amount: 30n, code: 4 }
    expect(creditLineLegs({ ...change, change: 30n })).toMatchObject([raised])
    const lowered = { debitAccountId: payer, creditAccountId: credit, amount: 30n, code: 4 }
    expect(creditLineLegs({ ...change, change: -30n })).toMatchObject([lowered])
  })

  function legs(sourceAmount: bigint, destinationAmount: bigint, destinationAsset = usd) {
    const source = { accountId: payer, asset: usd }
    const destination = { accountId: payee, asset: destinationAsset }
    return paymentLegs({ id: 7n, source, destination, sourceAmount, destinationAmount, reference: 9n })
  }

  it('pay an equal amount within an asset in one leg', () => {
    expect(legs(100n, 100n)).toEqual([
      { id: 7n, ledger: 1, debitAccountId: payer, creditAccountId: payee, amount: 100n, code: 1, reference: 9n },
    ])
  })

  it('leave what does not arrive with the asset', () => {
    expect(legs(100n, 98n)).toMatchObject([
      { id: 7n, debitAccountId: payer, creditAccountId: payee, amount: 98n },
      { id: legId(7n, 1), debitAccountId: payer, creditAccountId: usdLiquidity, amount: 2n },
    ])
  })

  it('add what arrives in excess from the asset', () => {
    expect(legs(98n, 100n)).toMatchObject([
      { debitAccountId: payer, creditAccountId: payee, amount: 98n },
      { debitAccountId: usdLiquidity, creditAccountId: payee, amount: 2n },
    ])
  })

  it('cross assets through both liquidity accounts', () => {
    expect(legs(100n, 91n, eur)).toMatchObject([
      { id: 7n, ledger: 1, debitAccountId: payer, creditAccountId: usdLiquidity, amount: 100n },
      { id: legId(7n, 1), ledger: 2, debitAccountId: eurLiquidity, creditAccountId: payee, amount: 91n },
    ])
  })

  it('have no leg for a side of nothing', () => {
    expect(legs(3n, 0n, eur)).toHaveLength(1)
    expect(legs(0n, 0n)).toEqual([])
  })

  it('show what is available without the credit line and what is promised', () => {
    const sums = { debitsPosted: 30n, debitsPending: 5n, creditsPosted: 120n, creditsPending: 400n }
    expect(available({ ...sums, creditLine: 100n })).toBe(-15n)
  })
})
