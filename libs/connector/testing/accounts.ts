import { AccountCode, assetAccounts, depositLegs, idFromUuid, type Ledger, type LedgerId } from '@kivuko/accounting'
import type { Asset } from '@kivuko/assets'
import type { Peer } from '@kivuko/peering'

export const TENANT_ID = '5a95366f-8cb4-4925-88d9-ae57dcb444bb'
const CREATED_AT = new Date('2026-01-01T00:00:00Z')

let lastId = 0

/** Readable UUIDs, new ones in each call. */
export function newId(): string {
  lastId++
  return `00000000-0000-4000-8000-${lastId.toString().padStart(12, '0')}`
}

export function newAsset(code: string, scale: number, ledger: number): Asset {
  const thresholds = { withdrawalThreshold: null, liquidityThreshold: null }
  return { id: newId(), tenantId: TENANT_ID, code, scale, ledger, ...thresholds, createdAt: CREATED_AT }
}

/** A peer without limits, known as `test.<name>`. */
export function newPeer(name: string, asset: Asset, change: Partial<Peer> = {}): Peer {
  return {
    id: newId(),
    tenantId: TENANT_ID,
    assetId: asset.id,
    asset,
    name,
    staticIlpAddress: `test.${name}`,
    routes: [],
    maxPacketAmount: null,
    liquidityThreshold: null,
    limits: { packetsPerMinute: null, incomingAmountPerSecond: null, outgoingAmountPerSecond: null },
    outgoingEndpoint: `http://${name}.invalid/ilp`,
    outgoingToken: `token-of-${name}`,
    createdAt: CREATED_AT,
    ...change,
  }
}

/** Opens an account, and those of its asset, in the ledger. */
export async function openAccount(ledger: Ledger, id: LedgerId, asset: Asset): Promise<void> {
  await ledger.openAccounts(assetAccounts(asset))
  await ledger.openAccounts([{ id, ledger: asset.ledger, code: AccountCode.peer, limit: 'debits' }])
}

export async function deposit(ledger: Ledger, accountId: LedgerId, asset: Asset, amount: bigint): Promise<void> {
  await ledger.transfer(depositLegs({ id: idFromUuid(newId()), accountId, asset, amount }))
}
