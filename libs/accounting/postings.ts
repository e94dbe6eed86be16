import { AccountCode, type NewAccount } from './account.js'
import { derivedId, idFromUuid, type LedgerId, legId } from './ids.js'
import { type Leg, TransferCode } from './transfer.js'

/** What the ledger needs to know of an asset: its row's id and its ledger number. */
export interface LedgerAsset {
  readonly id: string
  readonly ledger: number
}

/** An account and the asset it is kept in. */
export interface PostingSide {
  readonly accountId: LedgerId
  readonly asset: LedgerAsset
}

interface Posting extends PostingSide {
  readonly id: LedgerId
  readonly amount: bigint
  readonly reference?: bigint
}

/** The counterpart of money that enters and leaves the node. */
export function settlementAccountId(asset: LedgerAsset): LedgerId {
  return derivedId('settlement', BigInt(asset.ledger))
}

/** The counterpart of credit granted, kept apart from money. */
export function creditAccountId(asset: LedgerAsset): LedgerId {
  return derivedId('credit', BigInt(asset.ledger))
}

/** What pays for a packet that was fulfilled and whose source has less by the time it can be charged. */
export function shortfallAccountId(asset: Pick<LedgerAsset, 'ledger'>): LedgerId {
  return derivedId('shortfall', BigInt(asset.ledger))
}

/** Without limits, opened when it is needed first. Its balance is what operators and peers have to agree on. */
export function shortfallAccount(asset: Pick<LedgerAsset, 'ledger'>): NewAccount {
  return { id: shortfallAccountId(asset), ledger: asset.ledger, code: AccountCode.shortfall, limit: 'none' }
}

/** The three accounts each asset has: liquidity for exchange, settlement, credit. */
export function assetAccounts(asset: LedgerAsset): NewAccount[] {
  const ledger = asset.ledger
  return [
    { id: idFromUuid(asset.id), ledger, code: AccountCode.asset, limit: 'debits' },
    { id: settlementAccountId(asset), ledger, code: AccountCode.settlement, limit: 'credits' },
    { id: creditAccountId(asset), ledger, code: AccountCode.credit, limit: 'none' },
  ]
}

/** Settlement → account. */
export function depositLegs({ id, accountId, asset, amount, reference }: Posting): Leg[] {
  const debitAccountId = settlementAccountId(asset)
  const code = TransferCode.deposit
  return [{ id, ledger: asset.ledger, debitAccountId, creditAccountId: accountId, amount, code, reference }]
}

/** Account → settlement. */
export function withdrawalLegs({ id, accountId, asset, amount, reference }: Posting): Leg[] {
  const creditAccountId = settlementAccountId(asset)
  const code = TransferCode.withdrawal
  return [{ id, ledger: asset.ledger, debitAccountId: accountId, creditAccountId, amount, code, reference }]
}

/** Raises the credit line by a positive change and lowers it by a negative one; below zero it is a minimum to be held. */
export function creditLineLegs({ id, accountId, asset, change }: Omit<Posting, 'amount'> & { change: bigint }): Leg[] {
  const credit = creditAccountId(asset)
  const raise = change > 0n
  return [
    {
      id,
      ledger: asset.ledger,
      debitAccountId: raise ? credit : accountId,
      creditAccountId: raise ? accountId : credit,
      amount: raise ? change : -change,
      code: TransferCode.credit,
    },
  ]
}

export interface PaymentPosting {
  /** The first leg's id; a second leg's is made from it. */
  readonly id: LedgerId
  readonly source: PostingSide
  readonly destination: PostingSide
  readonly sourceAmount: bigint
  readonly destinationAmount: bigint
  readonly reference?: bigint
}

/**
 * Source → destination. Across assets, both go through their asset's liquidity account; within one, the difference of the
 * amounts is the asset account's gain or loss. A side of 0 has no leg.
 */
export function paymentLegs(payment: PaymentPosting): Leg[] {
  const movements = sameLedger(payment) ? withinOneLedger(payment) : acrossLedgers(payment)
  const code = TransferCode.transfer
  return movements
    .filter((movement) => movement.amount !== 0n)
    .map((movement, index) => ({ id: legId(payment.id, index), ...movement, code, reference: payment.reference }))
}

type Movement = Pick<Leg, 'ledger' | 'debitAccountId' | 'creditAccountId' | 'amount'>

function sameLedger({ source, destination }: PaymentPosting): boolean {
  return source.asset.ledger === destination.asset.ledger
}

function withinOneLedger({ source, destination, sourceAmount, destinationAmount }: PaymentPosting): Movement[] {
  const ledger = source.asset.ledger
  const debitAccountId = source.accountId
  const creditAccountId = destination.accountId
  // Most packets: nothing is gained or lost, and the asset account need not be known.
  if (sourceAmount === destinationAmount) return [{ ledger, debitAccountId, creditAccountId, amount: sourceAmount }]
  const liquidity = idFromUuid(source.asset.id)
  if (sourceAmount > destinationAmount) {
    return [
      { ledger, debitAccountId, creditAccountId, amount: destinationAmount },
      { ledger, debitAccountId, creditAccountId: liquidity, amount: sourceAmount - destinationAmount },
    ]
  }
  return [
    { ledger, debitAccountId, creditAccountId, amount: sourceAmount },
    { ledger, debitAccountId: liquidity, creditAccountId, amount: destinationAmount - sourceAmount },
  ]
}

function acrossLedgers({ source, destination, sourceAmount, destinationAmount }: PaymentPosting): Movement[] {
  return [
    {
      ledger: source.asset.ledger,
      debitAccountId: source.accountId,
      creditAccountId: idFromUuid(source.asset.id),
      amount: sourceAmount,
    },
    {
      ledger: destination.asset.ledger,
      debitAccountId: idFromUuid(destination.asset.id),
      creditAccountId: destination.accountId,
      amount: destinationAmount,
    },
  ]
}
