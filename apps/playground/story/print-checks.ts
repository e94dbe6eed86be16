import { showChange, showUnits } from '../print/money.js'
import type { Paper } from '../print/paper.js'
import type { Books } from './books.js'
import { type Conservation, checkConservation, checkMutualDebt } from './checks.js'
import type { Scene } from './setup.js'

export interface BothBooks {
  readonly alpha: Books
  readonly beta: Books
}

const PEERING_SCALE = 2

/** Prints the two checks and says whether both hold. */
export function printChecks(paper: Paper, scene: Scene, before: BothBooks, after: BothBooks): boolean {
  const { alpha, beta, betaAtAlpha, alphaAtBeta } = scene
  paper.heading('Nothing was created, nothing was lost')
  const alphaHolds = printConservation(paper, alpha.institution.name, checkConservation(before.alpha, after.alpha))
  const betaHolds = printConservation(paper, beta.institution.name, checkConservation(before.beta, after.beta))
  paper.heading(`What ${alpha.institution.name} owes ${beta.institution.name}`)
  const debt = checkMutualDebt(
    { before: before.alpha, after: after.alpha, peerId: betaAtAlpha },
    { before: before.beta, after: after.beta, peerId: alphaAtBeta },
  )
  const [debtor, creditor] = [alpha.institution.name, beta.institution.name]
  const said = `${debtor} says ${usd(debt.saidByDebtor)}, ${creditor} says ${usd(debt.saidByCreditor)}`
  paper.verdict(debt.holds, `for this payment ${said}`)
  return alphaHolds && betaHolds && debt.holds
}

function printConservation(paper: Paper, name: string, assets: readonly Conservation[]): boolean {
  for (const { assetCode, assetScale, gained, deposited, withdrawn, holds } of assets) {
    const change = showChange(gained, assetScale)
    const flow = `${showUnits(deposited, assetScale)} came in − ${showUnits(withdrawn, assetScale)} went out`
    paper.verdict(holds, `${name}, ${assetCode}: all accounts together ${change} = ${flow}`)
  }
  return assets.every(({ holds }) => holds)
}

function usd(units: bigint): string {
  return `${showUnits(units, PEERING_SCALE)} USD`
}
