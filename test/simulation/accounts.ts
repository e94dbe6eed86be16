import { AccountCode, assetAccounts, depositLegs, idFromUuid, type Ledger, type LedgerId } from '@kivuko/accounting'
import type { Asset } from '@kivuko/assets'
import type { Peer } from '@kivuko/peering'
import { assert } from '@kivuko/platform'
import type { Draws } from '../harness/seed.js'
import { START_MS } from './planned-packet.js'

export const TENANT_ID = '5a95366f-8cb4-4925-88d9-ae57dcb444bb'
/** More than any run moves. */
export const PLENTY = 1_000_000_000n
const CREATED_AT = new Date(START_MS)
const LEDGER_NUMBERS = new Map([
  ['USD', 1],
  ['EUR', 2],
])

export function newAsset(draws: Draws, code: string): Asset {
  const ledger = LEDGER_NUMBERS.get(code)
  assert(ledger !== undefined, `the ledger has a number for ${code}`)
  const thresholds = { withdrawalThreshold: null, liquidityThreshold: null }
  return { id: draws.uuid(), tenantId: TENANT_ID, code, scale: 2, ledger, ...thresholds, createdAt: CREATED_AT }
}

/** A peer without limits, known as `test.<name>`. */
export function newPeer(draws: Draws, name: string, asset: Asset, routes: readonly string[] = []): Peer {
  return {
    id: draws.uuid(),
    tenantId: TENANT_ID,
    assetId: asset.id,
    asset,
    name,
    staticIlpAddress: `test.${name}`,
    routes,
    maxPacketAmount: null,
    liquidityThreshold: null,
    limits: { packetsPerMinute: null, incomingAmountPerSecond: null, outgoingAmountPerSecond: null },
    outgoingEndpoint: `http://${name}.invalid/ilp`,
    outgoingToken: `token-of-${name}`,
    createdAt: CREATED_AT,
  }
}

export async function openAsset(ledger: Ledger, draws: Draws, asset: Asset): Promise<void> {
  await ledger.openAccounts(assetAccounts(asset))
  await deposit(ledger, draws, idFromUuid(asset.id), asset, PLENTY)
}

/** `maximum`: of its balance, when it has one. */
export async function openAccount(ledger: Ledger, id: LedgerId, asset: Asset, maximum?: bigint): Promise<void> {
  const opened = await ledger.openAccounts([{ id, ledger: asset.ledger, code: AccountCode.peer, limit: 'both' }])
  assert(opened.kind === 'accepted', 'an account of a new ledger can be opened')
  if (maximum !== undefined) await ledger.setMaximum(id, maximum)
}

export async function deposit(
  ledger: Ledger,
  draws: Draws,
  accountId: LedgerId,
  asset: Asset,
  amount: bigint,
): Promise<void> {
  const outcome = await ledger.transfer(depositLegs({ id: idFromUuid(draws.uuid()), accountId, asset, amount }))
  assert(outcome.kind === 'accepted', 'a deposit of a new ledger stands')
}
