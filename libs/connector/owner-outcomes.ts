import { type LedgerId, uuidFromId } from '@kivuko/accounting'
import { decodeReply, encodeReply, type Reply } from '@kivuko/ilp'
import type { ProcessLiveness } from '@kivuko/platform'
import type { ReplyWire } from './http/reply-relay.js'
import { ledgerIdOf, type Packet } from './packet.js'

// Postgres takes less than 8,000 bytes in a notification: longer replies are found in the ledger a moment later.
const MAX_TEXT = 7_800

/** Packets that this process has under way, for `answersOf`. */
export interface UnderWay {
  /** The reply to the packet of this id; undefined when none is under way. */
  replyOf(isMeant: (packet: Packet) => boolean): Promise<Reply> | undefined
}

/**
 * The same bytes may come to two processes of a node: the one that has reserved and sent them tells the other what it
 * answers. Costs nothing where that does not happen.
 */
export class OwnerOutcomes {
  private readonly asked = new Map<string, ((reply: Reply) => void)[]>()
  private underWay: UnderWay | undefined

  constructor(
    private readonly processes: Pick<ProcessLiveness, 'ownId'>,
    private readonly wire: ReplyWire | undefined,
  ) {
    wire?.hear(nameOf(processes.ownId), (text) => this.hear(text))
  }

  /** Whose packets others may ask for. */
  tellOf(underWay: UnderWay): void {
    this.underWay = underWay
  }

  /** Undefined when the owner has said nothing within that time. */
  async ask(ownerId: number, id: LedgerId, timeoutMs: number): Promise<Reply | undefined> {
    if (this.wire === undefined) return pause(timeoutMs)
    const packetId = uuidFromId(id)
    let listener: (reply: Reply) => void = () => undefined
    const reply = new Promise<Reply>((resolve) => {
      listener = resolve
    })
    this.asked.set(packetId, [...(this.asked.get(packetId) ?? []), listener])
    try {
      // Whether the question arrives or not, the ledger is read when the time is over.
      await this.wire.tell(nameOf(ownerId), `ask ${packetId} ${this.processes.ownId}`).catch(() => undefined)
      return await Promise.race([reply, pause(timeoutMs)])
    } finally {
      const others = (this.asked.get(packetId) ?? []).filter((other) => other !== listener)
      if (others.length === 0) this.asked.delete(packetId)
      else this.asked.set(packetId, others)
    }
  }

  private async hear(text: string): Promise<void> {
    const [verb, packetId = '', rest = ''] = text.split(' ')
    if (verb === 'ask') this.tellWhenKnown(packetId, rest)
    else if (verb === 'reply') {
      const reply = decodeReply(Buffer.from(rest, 'base64'))
      for (const listener of this.asked.get(packetId) ?? []) listener(reply)
    }
  }

  private tellWhenKnown(packetId: string, asker: string): void {
    const reply = this.underWay?.replyOf((packet) => uuidFromId(ledgerIdOf(packet)) === packetId)
    reply
      ?.then(async (known) => {
        const text = `reply ${packetId} ${encodeReply(known).toString('base64')}`
        if (text.length <= MAX_TEXT) await this.wire?.tell(nameOf(asker), text)
      })
      // Without an answer here, the other process has none either.
      .catch(() => undefined)
  }
}

function nameOf(processId: number | string): string {
  return `outcomes-${processId}`
}

function pause(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms))
}
