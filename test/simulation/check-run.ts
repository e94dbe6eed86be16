import { auditOf, type Listed } from './audit.js'
import { type Books, booksOf } from './books.js'
import { type Explanation, explanationsFor } from './explanations.js'
import type { Network } from './network.js'
import { rulesBroken } from './rules.js'

/** Something that must not be, and the packet that it is about, if it is about one. */
export interface Problem {
  readonly packet: number | undefined
  readonly text: string
}

/** What a run shows once everything has ended. */
export interface CheckedRun {
  readonly problems: readonly Problem[]
  readonly listed: readonly Listed[]
  /** Packets of which the books of neighbours do not say the same. */
  readonly differing: number
}

export async function checkRun(network: Network): Promise<CheckedRun> {
  const listed = (await Promise.all(network.nodes.map(auditOf))).flat()
  const problems: Problem[] = network.problems.map((text) => ({ packet: undefined, text }))
  let differing = 0
  for (const neighbours of network.neighbours) {
    const books = await booksOf(neighbours, network.scenario.packets)
    for (const { number } of network.scenario.packets) {
      const explanations = explanationsFor(number, neighbours, books, listed, network)
      if (differenceOf(number, books) !== 0n) differing += 1
      const text = unexplained(number, books, explanations)
      if (text !== undefined) problems.push({ packet: number, text })
    }
  }
  for (const { node, packet, kind } of listed) {
    if (network.history.hasFault(packet)) continue
    problems.push({ packet, text: `node ${node} lists it as ${kind}, though nothing went wrong with it` })
  }
  problems.push(...(await rulesBroken(network)))
  return { problems, listed, differing }
}

/** What the one downstream claims more than the one upstream admits. */
function differenceOf(packet: number, { claimed, admitted }: Books): bigint {
  return (claimed.get(packet) ?? 0n) - (admitted.get(packet) ?? 0n)
}

/** How the books differ where it is not what the neighbours list; undefined when it is. */
function unexplained(packet: number, books: Books, explanations: readonly Explanation[]): string | undefined {
  const certain = explanations.filter(({ isCertain }) => isCertain).reduce((sum, { amount }) => sum + amount, 0n)
  const rest = differenceOf(packet, books) - certain
  const isPossible = explanations.some(({ isCertain, amount }) => !isCertain && amount === rest)
  if (rest === 0n || isPossible) return undefined
  const what = explanations.map(({ kind, amount }) => `${kind} ${amount}`).join(', ')
  const { upstream, downstream, claimed, admitted } = books
  return `${downstream} claims ${claimed.get(packet) ?? 0n}, ${upstream} admits ${admitted.get(packet) ?? 0n}; listed: ${what || 'nothing'}`
}
