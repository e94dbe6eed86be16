import type { Reply } from '@kivuko/ilp'
import type { Packet } from './packet.js'

/** A packet under way, and where packets like it wait for its answer. */
export interface Leader {
  readonly packet: Packet
  readonly key: Buffer
  readonly hash: number
  readonly reply: Promise<Reply>
  next: Leader | undefined
}

const PLACES = 2 ** 10

/**
 * The packets under way, by source and key. Not in a Map: as it is churned V8 makes its table anew, and each table left
 * behind keeps what was in it until the next collection of everything.
 */
export class PacketsInFlight {
  private readonly first: (Leader | undefined)[] = Array.from({ length: PLACES }, () => undefined)

  /** The youngest like `packet` that asks for no less money and no less time. */
  find({ source, prepare }: Packet, key: Buffer, hash: number): Leader | undefined {
    let leader = this.first[placeOf(hash)]
    while (leader && !(leader.hash === hash && leader.packet.source.id === source.id && leader.key.equals(key))) {
      leader = leader.next
    }
    if (leader === undefined) return undefined
    const { amount, expiresAt } = leader.packet.prepare
    return prepare.amount <= amount && prepare.expiresAt.getTime() <= expiresAt.getTime() ? leader : undefined
  }

  add(packet: Packet, key: Buffer, hash: number, reply: Promise<Reply>): Leader {
    const place = placeOf(hash)
    const leader = { packet, key, hash, reply, next: this.first[place] }
    this.first[place] = leader
    return leader
  }

  /** Looks at all of them: for what is asked rarely. */
  replyOf(isMeant: (packet: Packet) => boolean): Promise<Reply> | undefined {
    for (const first of this.first) {
      for (let leader = first; leader; leader = leader.next) if (isMeant(leader.packet)) return leader.reply
    }
    return undefined
  }

  delete(leader: Leader): void {
    const place = placeOf(leader.hash)
    if (this.first[place] === leader) {
      this.first[place] = leader.next
      return
    }
    let before = this.first[place]
    while (before && before.next !== leader) before = before.next
    if (before) before.next = leader.next
  }
}

function placeOf(hash: number): number {
  return hash & (PLACES - 1)
}
