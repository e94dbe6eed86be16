import { type Books, movements, newEntries } from './books.js'

/** Per asset of one node: what its accounts gained is what came in from outside less what went out. */
export interface Conservation {
  readonly assetCode: string
  readonly assetScale: number
  readonly gained: bigint
  readonly deposited: bigint
  readonly withdrawn: bigint
  readonly holds: boolean
}

export function checkConservation(before: Books, after: Books): Conservation[] {
  const moved = movements(before, after)
  const posted = newEntries(before, after).filter(({ state }) => state === 'POSTED')
  const assets = new Map(moved.map(({ assetCode, assetScale }) => [assetCode, assetScale]))
  return [...assets].map(([assetCode, assetScale]) => {
    const accounts = moved.filter((movement) => movement.assetCode === assetCode)
    const ids = new Set(accounts.map(({ id }) => id))
    const deposits = posted.filter(
      ({ transferType, creditAccountId }) => transferType === 'DEPOSIT' && ids.has(creditAccountId),
    )
    const withdrawals = posted.filter(
      ({ transferType, debitAccountId }) => transferType === 'WITHDRAWAL' && ids.has(debitAccountId),
    )
    const gained = sum(accounts.map(({ change }) => change))
    const deposited = sum(deposits.map(({ amount }) => amount))
    const withdrawn = sum(withdrawals.map(({ amount }) => amount))
    return { assetCode, assetScale, gained, deposited, withdrawn, holds: gained === deposited - withdrawn }
  })
}

/** What the payment made one node owe the other, as each of the two has it in its books. */
export interface MutualDebt {
  readonly saidByDebtor: bigint
  readonly saidByCreditor: bigint
  readonly holds: boolean
}

/**
 * The debtor's account of its peer grew by what it passed on; the creditor's account of its peer shrank by what it took
 * in. The two sums are kept by two databases that never met.
 */
export function checkMutualDebt(
  debtor: { before: Books; after: Books; peerId: string },
  creditor: { before: Books; after: Books; peerId: string },
): MutualDebt {
  const saidByDebtor = changeOf(debtor)
  const saidByCreditor = -changeOf(creditor)
  return { saidByDebtor, saidByCreditor, holds: saidByDebtor === saidByCreditor }
}

function changeOf({ before, after, peerId }: { before: Books; after: Books; peerId: string }): bigint {
  const movement = movements(before, after).find(({ id }) => id === peerId)
  if (!movement) throw new Error(`the books have no peer ${peerId}`)
  return movement.change
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n)
}
