import { decodeReply } from '@kivuko/ilp'
import { type Amounts, booksOf } from './books.js'
import type { Problem } from './check-run.js'
import type { Network } from './network.js'
import type { SimulatedNode } from './simulated-node.js'

const PAGE = { limit: 1_000 }

/** What holds beside the books, for every node. */
export async function rulesBroken(network: Network): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const node of network.nodes) {
    problems.push(...(await unbalanced(node)), ...sentTwice(node), ...sentOtherwise(node))
  }
  for (const neighbours of network.neighbours) {
    if ('upstreamPeer' in neighbours) {
      const { claimed } = await booksOf(neighbours, network.scenario.packets)
      problems.push(...refusedThoughCharged(neighbours.downstream, claimed))
    }
  }
  return [...problems, ...expiredEarly(network)]
}

/** Nothing stays reserved, and what one account lost another has. */
async function unbalanced({ name, stores }: SimulatedNode): Promise<Problem[]> {
  const problems: Problem[] = []
  for (const { id, amount } of await stores.ledger.openReservations(PAGE)) {
    problems.push({ packet: stores.packetOf(id), text: `node ${name}: ${amount} stay reserved` })
  }
  for (const { ledger, debitsPosted, creditsPosted, debitsPending, creditsPending } of await stores.ledger.totals()) {
    if (debitsPosted === creditsPosted && debitsPending === 0n && creditsPending === 0n) continue
    const text = `node ${name}, ledger ${ledger}: debits ${debitsPosted} + ${debitsPending}, credits ${creditsPosted} + ${creditsPending}`
    problems.push({ packet: undefined, text })
  }
  return problems
}

/** Who does not recognize repeats gets a packet once, unless it certainly did not get it. */
function sentTwice(node: SimulatedNode): Problem[] {
  const arrived = node.sendings.filter(({ isRefused, to }) => !isRefused && !node.recognizesRepeats(to))
  return [...countBy(arrived.map(({ packet }) => packet))]
    .filter(([, times]) => times > 1)
    .map(([packet, times]) => ({
      packet,
      text: `node ${node.name} sent it ${times} times to a next hop that charges each copy`,
    }))
}

/** What goes out again is what went out first, to the byte: else the next hop sees another packet. */
function sentOtherwise(node: SimulatedNode): Problem[] {
  const forms = new Map<number, Set<string>>()
  for (const { packet, bytes, isRefused } of node.sendings) {
    if (isRefused) continue
    forms.set(packet, (forms.get(packet) ?? new Set()).add(bytes))
  }
  return [...forms]
    .filter(([, { size }]) => size > 1)
    .map(([packet, { size }]) => ({ packet, text: `node ${node.name} sent it in ${size} forms` }))
}

/** What may have been taken is never refused. */
function refusedThoughCharged({ name, arrivals, stores }: SimulatedNode, charged: Amounts): Problem[] {
  return arrivals.flatMap(({ packet, atMs, answer }) => {
    const fromMs = stores.chargedFromMs.get(packet)
    if (!charged.has(packet) || fromMs === undefined || atMs < fromMs || answer.kind !== 'replied') return []
    const reply = decodeReply(answer.reply)
    if (reply.type === 'fulfill') return []
    return [{ packet, text: `node ${name} charged it, and answered a later copy with ${reply.code}: ${reply.message}` }]
  })
}

/** No node says that a packet expired while its next hop can still fulfill it. */
function expiredEarly({ senders, nodes }: Network): Problem[] {
  return senders.flatMap(({ expired }) =>
    expired.flatMap(({ packet, atMs, triggeredBy }) => {
      const node = nodes.find(({ name }) => triggeredBy === `test.${name}`)
      const untilMs = Math.max(
        ...(node?.sendings ?? []).filter((sent) => sent.packet === packet).map((sent) => sent.expiresAtMs),
      )
      if (node === undefined || atMs >= untilMs) return []
      return [{ packet, text: `node ${node.name} said that it expired ${untilMs - atMs} ms before it did` }]
    }),
  )
}

function countBy(packets: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const packet of packets) counts.set(packet, (counts.get(packet) ?? 0) + 1)
  return counts
}
