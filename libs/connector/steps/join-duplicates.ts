import { hash } from 'node:crypto'
import { immutablePart, type Reply } from '@kivuko/ilp'
import type { Step } from '../handler.js'
import type { Packet } from '../packet.js'

interface Leader {
  readonly amount: bigint
  readonly expiresAtMs: number
  readonly reply: Promise<Reply>
}

// What is remembered is a key of some 80 characters and a promise: a few megabytes at most.
const MAX_REMEMBERED = 10_000

/**
 * A packet that repeats one from the same source (same condition, destination and data, amount and expiry not above
 * the first's) shares its outcome and is charged once. Fulfilled ones are remembered for a while, since it is their
 * answer that may have been lost; beyond that the ledger knows what was charged.
 */
export function joinDuplicates(maxRemembered = MAX_REMEMBERED): Step {
  const leaders = new Map<string, Leader>()
  return (next) => (packet) => {
    if (packet.prepare.amount === 0n) return next(packet)
    const key = keyOf(packet)
    const leader = leaders.get(key)
    if (leader && covers(leader, packet)) return leader.reply
    const reply = next(packet)
    remember(key, { amount: packet.prepare.amount, expiresAtMs: packet.prepare.expiresAt.getTime(), reply })
    return reply
  }

  function remember(key: string, leader: Leader): void {
    leaders.set(key, leader)
    const [oldest] = leaders.size > maxRemembered ? leaders.keys() : []
    if (oldest !== undefined) leaders.delete(oldest)
    const forget = () => {
      if (leaders.get(key) === leader) leaders.delete(key)
    }
    leader.reply.then((reply) => reply.type === 'reject' && forget(), forget)
  }
}

function keyOf({ bytes, source }: Packet): string {
  return `${source.id}:${hash('sha256', immutablePart(bytes), 'base64')}`
}

function covers(leader: Leader, { prepare }: Packet): boolean {
  return prepare.amount <= leader.amount && prepare.expiresAt.getTime() <= leader.expiresAtMs
}
