import { decodePrepare, encodeReply, fulfill, type Reply, reject } from '@kivuko/ilp'
import type { Clock } from '@kivuko/platform'
import type { Draws } from '../harness/seed.js'
import { chance, pick } from './drawing.js'
import type { History } from './history.js'
import type { Answer } from './link.js'
import type { PacketDirectory } from './packet-directory.js'
import type { Scenario } from './scenario.js'
import { after } from './virtual-time.js'

const ADDRESS = 'test.foreign'

/** A next hop of other software: it does not recognize packets, and counts each copy that it fulfills. */
export class ForeignHop {
  /** What it says that it is owed, for each packet. */
  readonly claims = new Map<number, bigint>()

  constructor(
    private readonly clock: Clock,
    private readonly draws: Draws,
    private readonly packets: PacketDirectory,
    private readonly history: History,
    private readonly odds: Pick<Scenario, 'fulfills' | 'holds' | 'longestWorkMs'>,
  ) {}

  async take(bytes: Buffer): Promise<Answer> {
    const reply = await this.answer(bytes)
    return { kind: 'replied', reply: encodeReply(reply) }
  }

  private async answer(bytes: Buffer): Promise<Reply> {
    const { amount, expiresAt } = decodePrepare(bytes)
    const { number, fulfillment } = this.packets.of(bytes)
    const leftMs = expiresAt.getTime() - this.clock.nowMs()
    const isHeld = leftMs > 1 && chance(this.draws, this.odds.holds)
    if (isHeld) this.history.fault(number, 'foreign: holds it for long')
    await after(isHeld ? this.draws.between(0, leftMs - 1) : this.draws.between(0, this.odds.longestWorkMs))
    if (this.clock.nowMs() >= expiresAt.getTime()) return this.refuse(number, 'R00')
    if (!chance(this.draws, this.odds.fulfills)) return this.refuse(number, pick(this.draws, ['F99', 'F02', 'T00']))
    const claimed = (this.claims.get(number) ?? 0n) + amount
    this.claims.set(number, claimed)
    this.history.note(number, `foreign: fulfills ${amount}, counts ${claimed}`)
    return fulfill(fulfillment, Buffer.from('thanks'))
  }

  private refuse(packet: number, code: 'R00' | 'F99' | 'F02' | 'T00'): Reply {
    this.history.note(packet, `foreign: rejects with ${code}`)
    return reject(code, ADDRESS, 'not this copy')
  }
}
