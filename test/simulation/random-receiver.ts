import type { LedgerId } from '@kivuko/accounting'
import type { Asset } from '@kivuko/assets'
import { type LocalDestination, LocalReceiver, type Refusal } from '@kivuko/connector'
import { fulfill, type Prepare, type Reply } from '@kivuko/ilp'
import { assert } from '@kivuko/platform'
import type { Draws } from '../harness/seed.js'
import { TENANT_ID } from './accounts.js'
import { chance } from './drawing.js'
import type { PlannedPacket } from './planned-packet.js'

export interface RandomReceiverParts {
  readonly address: string
  readonly id: string
  readonly accountId: LedgerId
  readonly asset: Asset
  readonly draws: Draws
  /** In percent. */
  readonly fulfills: number
  readonly packets: readonly PlannedPacket[]
}

/** What packets that end at a node are for: it takes some copies of what it could fulfill, and refuses others. */
export class RandomReceiver extends LocalReceiver {
  readonly destination: LocalDestination

  constructor(private readonly parts: RandomReceiverParts) {
    super()
    const { id, accountId, asset } = parts
    this.destination = { kind: 'incoming-payment', id, tenantId: TENANT_ID, accountId, asset }
  }

  find(destination: string): LocalDestination | undefined {
    return destination === this.parts.address ? this.destination : undefined
  }

  async receive({ executionCondition }: Prepare): Promise<Reply> {
    const packet = this.parts.packets.find(({ condition }) => condition.equals(executionCondition))
    assert(packet, 'every packet of a run was planned')
    return fulfill(packet.fulfillment, Buffer.from('thanks'))
  }

  async announce(): Promise<Refusal | undefined> {
    if (chance(this.parts.draws, this.parts.fulfills)) return undefined
    return { code: 'F99', message: 'not this copy' }
  }

  async credited(): Promise<void> {}

  released(): void {}
}
