import type { Packet, PacketAccount } from '../admin/progress.js'
import { showUnits } from '../print/money.js'
import type { Paper } from '../print/paper.js'
import { tableLines } from '../print/table.js'
import type { Side } from './side.js'

/** The packets each node has seen since the order: the probes of the quote are among them. */
export async function printPackets(paper: Paper, sides: readonly Side[], sinceMs: number): Promise<void> {
  paper.heading('The packets, as each node has them (amount 0 and amounts that are refused are probes)')
  const lists = await Promise.all(sides.map((side) => rowsOf(side, sinceMs)))
  const right = (title: string) => ({ title, align: 'right' as const })
  const columns = [
    right('ms'),
    { title: 'node' },
    { title: 'from' },
    right('amount'),
    { title: 'to' },
    right('amount'),
    { title: 'answer' },
    right('took ms'),
  ]
  const rows = lists.flat().sort((a, b) => a.atMs - b.atMs)
  for (const line of tableLines(
    columns,
    rows.map(({ cells }) => cells),
  ))
    paper.line(line)
}

async function rowsOf({ progress, institution }: Side, sinceMs: number): Promise<{ atMs: number; cells: string[] }[]> {
  const packets = await progress.packets()
  return packets
    .map((packet) => ({ packet, atMs: Date.parse(packet.receivedAt) }))
    .filter(({ atMs }) => atMs >= sinceMs)
    .map(({ packet, atMs }) => ({ atMs, cells: cellsOf(packet, institution.node.name, atMs - sinceMs) }))
}

function cellsOf(packet: Packet, node: string, atMs: number): string[] {
  const { source, sourceAmount, destination, destinationAmount, outcome, code, message, durationMs } = packet
  return [
    `${atMs}`,
    node,
    source.type,
    amountOf(source, sourceAmount),
    destination?.type ?? '',
    destination === null ? '' : amountOf(destination, destinationAmount),
    outcome === 'FULFILLED' ? 'fulfill' : `reject ${code}${message === null ? '' : ` ${message.slice(0, 40)}`}`,
    `${durationMs}`,
  ]
}

function amountOf({ assetCode, assetScale }: PacketAccount, value: bigint): string {
  return `${showUnits(value, assetScale)} ${assetCode}`
}
