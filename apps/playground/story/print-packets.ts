import type { Packet, PacketAccount } from '../admin/progress.js'
import { showUnits } from '../print/money.js'
import type { Paper } from '../print/paper.js'
import { tableLines } from '../print/table.js'
import type { Side } from './side.js'

interface SeenPacket extends Packet {
  readonly node: string
  readonly atMs: number
}

/** The packets that carried money, as each node has them, and how many others (probes, the closing one) there were. */
export async function printPackets(paper: Paper, sides: readonly Side[], sinceMs: number): Promise<void> {
  const seen = (await Promise.all(sides.map((side) => packetsSince(side, sinceMs)))).flat()
  const right = (title: string) => ({ title, align: 'right' as const })
  const columns = [
    right('ms'),
    { title: 'node' },
    { title: 'from' },
    right('amount'),
    { title: 'to' },
    right('amount'),
    { title: 'answer' },
    right('took'),
  ]
  const rows = seen.filter(carriesMoney).sort((a, b) => a.atMs - b.atMs)
  paper.heading('The packets that carried the money, as each node has them')
  for (const line of tableLines(
    columns,
    rows.map((packet) => cellsOf(packet, sinceMs)),
  ))
    paper.line(line)
  paper.line()
  for (const { institution } of sides) {
    const others = seen.filter((packet) => packet.node === institution.node.name && !carriesMoney(packet))
    paper.line(
      paper.styled(`  ${institution.node.name}: ${others.length} more without money (${answersOf(others)})`, 'dim'),
    )
  }
  paper.line(
    paper.styled('  They found the rate and the largest packet for the quote, and closed the connection.', 'dim'),
  )
}

async function packetsSince({ progress, institution }: Side, sinceMs: number): Promise<SeenPacket[]> {
  const packets = await progress.packets()
  return packets
    .map((packet) => ({ ...packet, node: institution.node.name, atMs: Date.parse(packet.receivedAt) }))
    .filter(({ atMs }) => atMs >= sinceMs)
}

function carriesMoney({ outcome, sourceAmount }: Packet): boolean {
  return outcome === 'FULFILLED' && sourceAmount > 0n
}

function cellsOf(packet: SeenPacket, sinceMs: number): string[] {
  const { node, atMs, source, sourceAmount, destination, destinationAmount, outcome, durationMs } = packet
  return [
    `${atMs - sinceMs}`,
    node,
    source.type,
    amountOf(source, sourceAmount),
    destination?.type ?? '',
    destination === null ? '' : amountOf(destination, destinationAmount),
    outcome.toLowerCase(),
    `${durationMs} ms`,
  ]
}

function amountOf({ assetCode, assetScale }: PacketAccount, value: bigint): string {
  return `${showUnits(value, assetScale)} ${assetCode}`
}

/** `4 × F05, 9 × F08` */
function answersOf(packets: readonly Packet[]): string {
  const counts = new Map<string, number>()
  for (const { code } of packets) counts.set(code ?? 'fulfilled', (counts.get(code ?? 'fulfilled') ?? 0) + 1)
  return [...counts]
    .sort()
    .map(([answer, count]) => `${count} × ${answer}`)
    .join(', ')
}
