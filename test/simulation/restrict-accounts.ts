import { available, depositLegs, idFromUuid, type LedgerId, withdrawalLegs } from '@kivuko/accounting'
import type { Asset } from '@kivuko/assets'
import type { Draws } from '../harness/seed.js'
import { chance } from './drawing.js'
import type { SimulatedNode } from './simulated-node.js'
import { after } from './virtual-time.js'

const RESTRICTED_MS = 10_000
const SMALLEST_MAXIMUM = 1n

/**
 * For some seconds some accounts of neighbours cannot pay anything, and some not be paid: their money is withdrawn, or their
 * maximum is lowered to next to nothing. A packet whose reservation has ended is then charged when there is nothing to charge.
 */
export async function restrictAccounts({ peers, stores }: SimulatedNode, draws: Draws): Promise<void> {
  await Promise.all(
    [...peers.values()].map(async ({ id, asset }) => {
      const accountId = idFromUuid(id)
      const maximum = (await stores.ledger.balances([accountId])).get(accountId)?.maximum
      const amount = chance(draws, 50) ? await availableIn(stores.ledger, accountId) : 0n
      const isLowered = chance(draws, 50)
      if (amount > 0n) await stores.ledger.transfer(withdrawalLegs({ ...movement(draws, accountId, asset), amount }))
      if (isLowered) await stores.ledger.setMaximum(accountId, SMALLEST_MAXIMUM)
      await after(RESTRICTED_MS)
      await stores.ledger.setMaximum(accountId, maximum)
      if (amount > 0n) await stores.ledger.transfer(depositLegs({ ...movement(draws, accountId, asset), amount }))
    }),
  )
}

async function availableIn(ledger: SimulatedNode['stores']['ledger'], accountId: LedgerId): Promise<bigint> {
  const balance = (await ledger.balances([accountId])).get(accountId)
  return balance === undefined ? 0n : available(balance)
}

function movement(draws: Draws, accountId: LedgerId, asset: Asset) {
  return { id: idFromUuid(draws.uuid()), accountId, asset }
}
