import { idFromUuid, type LedgerId, TransferCode } from '@kivuko/accounting'
import { ForeignHop } from './foreign-hop.js'
import type { Neighbours } from './network.js'
import type { PlannedPacket } from './planned-packet.js'
import { Sender } from './sender.js'
import type { SimulatedNode } from './simulated-node.js'

/** By packet. */
export type Amounts = ReadonlyMap<number, bigint>

/** What two neighbours say of each other, each by its own books. */
export interface Books {
  readonly upstream: string
  readonly downstream: string
  /** What the one upstream says that it owes the one downstream. */
  readonly admitted: Amounts
  /** What the one downstream says that it is owed. */
  readonly claimed: Amounts
}

const MOST_TRANSFERS = 1_000_000

export async function booksOf(neighbours: Neighbours, packets: readonly PlannedPacket[]): Promise<Books> {
  const { upstream, downstream } = neighbours
  const admitted = upstream instanceof Sender ? owedBy(upstream, packets) : await credited(neighbours)
  const claimed = downstream instanceof ForeignHop ? downstream.claims : await debited(neighbours)
  return { upstream: nameOf(upstream), downstream: nameOf(downstream), admitted, claimed }
}

function nameOf(neighbour: Sender | SimulatedNode | ForeignHop): string {
  return neighbour instanceof ForeignHop ? 'foreign' : neighbour.name
}

function owedBy(sender: Sender, packets: readonly PlannedPacket[]): Amounts {
  return new Map(packets.filter(({ number }) => sender.owes(number)).map(({ number, amount }) => [number, amount]))
}

async function credited(neighbours: Neighbours): Promise<Amounts> {
  if (!('downstreamPeer' in neighbours)) throw new Error('a sender keeps no ledger')
  return posted(neighbours.upstream, idFromUuid(neighbours.downstreamPeer.id), 'creditAccountId')
}

async function debited(neighbours: Neighbours): Promise<Amounts> {
  if (!('upstreamPeer' in neighbours)) throw new Error('a next hop of other software keeps no ledger')
  return posted(neighbours.downstream, idFromUuid(neighbours.upstreamPeer.id), 'debitAccountId')
}

/** What packets have moved on one side of an account. */
async function posted(
  { name, stores }: SimulatedNode,
  accountId: LedgerId,
  side: 'debitAccountId' | 'creditAccountId',
): Promise<Amounts> {
  const amounts = new Map<number, bigint>()
  for (const transfer of await stores.ledger.statement(accountId, { limit: MOST_TRANSFERS })) {
    if (transfer.code !== TransferCode.transfer || transfer[side] !== accountId || transfer.state !== 'posted') continue
    const packet = stores.packetOf(transfer.id)
    if (packet === undefined)
      throw new Error(`node ${name} has a transfer of ${transfer.amount} that belongs to no packet`)
    amounts.set(packet, (amounts.get(packet) ?? 0n) + transfer.amount)
  }
  return amounts
}
