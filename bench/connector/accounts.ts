import {
  AccountCode,
  assetAccounts,
  depositLegs,
  idFromUuid,
  MemoryLedger,
  timeOrderedId,
  uuidFromId,
} from '@kivuko/accounting'
import type { Asset } from '@kivuko/assets'
import type { Peer, PeerLimits } from '@kivuko/peering'
import { type Clock, SystemClock } from '@kivuko/platform'

export const TENANT_ID = '5a95366f-8cb4-4925-88d9-ae57dcb444bb'
/** More than any run moves, both what peers hold and what they are allowed. */
export const FUNDS = 10n ** 15n

/** Every limit set, none reached. */
export const LIMITS: PeerLimits = {
  packetsPerMinute: 2 ** 31 - 1,
  incomingAmountPerSecond: FUNDS,
  outgoingAmountPerSecond: FUNDS,
}

const clock = new SystemClock()

const usd: Asset = {
  id: newUuid(),
  tenantId: TENANT_ID,
  code: 'USD',
  scale: 9,
  ledger: 1,
  withdrawalThreshold: null,
  liquidityThreshold: null,
  createdAt: clock.now(),
}

export function newPeer(name: string): Peer {
  return {
    id: newUuid(),
    tenantId: TENANT_ID,
    assetId: usd.id,
    asset: usd,
    name,
    staticIlpAddress: `test.${name}`,
    routes: [],
    maxPacketAmount: FUNDS,
    liquidityThreshold: null,
    limits: LIMITS,
    outgoingEndpoint: '',
    outgoingToken: '',
    createdAt: clock.now(),
  }
}

/** With accounts for peers of one asset, funded. */
export async function openMemoryLedger(ledgerClock: Clock, peers: readonly Peer[]): Promise<MemoryLedger> {
  const ledger = new MemoryLedger(ledgerClock)
  for (const { id: peerId, asset } of peers) {
    const accountId = idFromUuid(peerId)
    await ledger.openAccounts(assetAccounts(asset))
    await ledger.openAccounts([{ id: accountId, ledger: asset.ledger, code: AccountCode.peer, limit: 'debits' }])
    await ledger.transfer(depositLegs({ id: timeOrderedId(ledgerClock.nowMs()), accountId, asset, amount: FUNDS }))
  }
  return ledger
}

function newUuid(): string {
  return uuidFromId(timeOrderedId(clock.nowMs()))
}
