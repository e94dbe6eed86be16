import { showUnits } from '../print/money.js'
import type { Paper } from '../print/paper.js'
import type { Side } from './side.js'

/** Lets each node compare its ledger with its rows; true when neither finds anything an operator must look at. */
export async function audit(paper: Paper, sides: readonly Side[]): Promise<boolean> {
  paper.heading('The audit: every node compares its ledger with its rows')
  const results = await Promise.all(sides.map(async (side) => ({ side, ...(await side.progress.audit()) })))
  for (const { side, ledgers, findings, differences } of results) {
    const sums = ledgers
      .map(({ asset, debitsPosted }) => sumOf(asset, debitsPosted))
      .sort()
      .join(', ')
    const isClean = findings.length === 0 && differences.sums.length === 0
    const said = isClean
      ? `every unit is accounted for (debits = credits: ${sums})`
      : `${findings.length} findings, ${differences.sums.length} kinds of differences to peers' books`
    paper.verdict(isClean, `${side.institution.node.name}: ${said}`)
    for (const { subject, expected, found, advice } of findings) {
      paper.line(`      ${subject}: expected ${expected}, found ${found}; ${advice}`)
    }
    for (const { kind, peer, packets } of differences.sums) {
      paper.line(`      ${peer} may count ${packets} packets otherwise (${kind})`)
    }
  }
  return results.every(({ findings, differences }) => findings.length === 0 && differences.sums.length === 0)
}

/** The audit names an asset by code and scale, `USD/2`. */
function sumOf(asset: string, debits: string): string {
  const [code = asset, scale = '0'] = asset.split('/')
  return `${showUnits(BigInt(debits), Number(scale))} ${code}`
}
