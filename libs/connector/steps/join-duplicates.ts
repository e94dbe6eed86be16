import { hash } from 'node:crypto'
import { immutablePart, type Reply } from '@kivuko/ilp'
import type { Packet } from '../packet.js'
import type { Step } from '../step.js'

interface Leader {
  readonly amount: bigint
  readonly expiresAtMs: number
  readonly reply: Promise<Reply>
}

// What is remembered is a key of at most some 300 characters and a promise: a few megabytes.
const MAX_REMEMBERED = 10_000
const LONGEST_KEY_BYTES = 256

/**
 * A packet that repeats one from the same source (same condition, destination and data, amount and expiry not above
 * the first's) shares its outcome and is charged once. Fulfilled ones are remembered for a while, since it is their
 * answer that may have been lost; beyond that the ledger knows what was charged.
 */
export function joinDuplicates(maxRemembered = MAX_REMEMBERED): Step {
  const leaders = new Leaders(maxRemembered)
  return (next) => (packet) => {
    if (packet.prepare.amount === 0n) return next(packet)
    const key = keyOf(packet)
    const leader = leaders.get(key)
    if (leader && covers(leader, packet)) return leader.reply
    const reply = next(packet)
    leaders.remember(key, { amount: packet.prepare.amount, expiresAtMs: packet.prepare.expiresAt.getTime(), reply })
    return reply
  }
}

/** Two generations: when the younger is full, the older is forgotten as a whole, which costs nothing per packet. */
class Leaders {
  private young = new Map<string, Leader>()
  private old = new Map<string, Leader>()

  constructor(private readonly maxRemembered: number) {}

  get(key: string): Leader | undefined {
    return this.young.get(key) ?? this.old.get(key)
  }

  remember(key: string, leader: Leader): void {
    if (this.young.size >= this.maxRemembered / 2) {
      this.old = this.young
      this.young = new Map()
    }
    this.young.set(key, leader)
    const forget = () => this.forget(key, leader)
    leader.reply.then((reply) => {
      if (reply.type === 'reject') forget()
    }, forget)
  }

  private forget(key: string, leader: Leader): void {
    for (const generation of [this.young, this.old]) if (generation.get(key) === leader) generation.delete(key)
  }
}

/** A short packet is its own key: to read it as text costs a tenth of a hash. */
function keyOf({ bytes, source }: Packet): string {
  const part = immutablePart(bytes)
  const isShort = part.length <= LONGEST_KEY_BYTES
  return `${source.id}:${isShort ? part.toString('latin1') : hash('sha256', part, 'base64')}`
}

function covers(leader: Leader, { prepare }: Packet): boolean {
  return prepare.amount <= leader.amount && prepare.expiresAt.getTime() <= leader.expiresAtMs
}
