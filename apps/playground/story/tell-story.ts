import type { Clock } from '@kivuko/platform'
import type { Network } from '../network/network.js'
import { showAmount } from '../print/money.js'
import type { Paper } from '../print/paper.js'
import { audit } from './audit.js'
import { readBooks } from './books.js'
import { pay } from './payment.js'
import { printBooks } from './print-books.js'
import { type BothBooks, printChecks } from './print-checks.js'
import { printCustomers } from './print-customers.js'
import { printPackets } from './print-packets.js'
import { printTimeline } from './print-timeline.js'
import { type Scene, setUp } from './setup.js'
import { sideOf } from './side.js'
import { readTimeline } from './timeline.js'

const AMOUNT = '100.00'

/** Sets the scene, lets alice pay bob, and shows what became of every unit. True when all checks hold. */
export async function tellStory(paper: Paper, network: Network, clock: Clock): Promise<boolean> {
  const [alpha, beta] = [sideOf(network.alpha, clock), sideOf(network.beta, clock)]
  paper.heading('Setting up, as two operators would: through the admin API')
  const scene = await setUp(alpha, beta, (what) => paper.done(what))
  const before = await readBothBooks(scene)

  paper.heading(`alice of ${network.alpha.name} pays ${AMOUNT} USD to bob of ${network.beta.name}, who holds EUR`)
  const orderedMs = clock.nowMs()
  const payment = await pay(scene, AMOUNT)
  const paidMs = clock.nowMs() - orderedMs
  paper.done(`paid: ${showAmount(payment.debitAmount)} → ${showAmount(payment.receiveAmount)}`, '', paidMs)

  const after = await readBothBooks(scene)
  printTimeline(paper, await readTimeline(scene, payment, orderedMs))
  await printPackets(paper, [alpha, beta], orderedMs)
  printBooks(paper, `${network.alpha.name}'s node`, before.alpha, after.alpha)
  printBooks(paper, `${network.beta.name}'s node`, before.beta, after.beta)
  await printCustomers(paper, scene)
  const checksHold = printChecks(paper, scene, before, after)
  const auditHolds = await audit(paper, [alpha, beta])
  return checksHold && auditHolds
}

async function readBothBooks({ alpha, beta }: Scene): Promise<BothBooks> {
  const [atAlpha, atBeta] = await Promise.all([readBooks(alpha.books), readBooks(beta.books)])
  return { alpha: atAlpha, beta: atBeta }
}
