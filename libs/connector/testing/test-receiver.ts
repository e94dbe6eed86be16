import { createHash } from 'node:crypto'
import type { LedgerId } from '@kivuko/accounting'
import type { Asset } from '@kivuko/assets'
import { fulfill, fulfillmentMatches, type Prepare, type Reply, reject } from '@kivuko/ilp'
import { type LocalDestination, LocalReceiver, type Refusal } from '../local-receiver.js'
import { newId, TENANT_ID } from './accounts.js'

/** What fulfills every packet of these tests that can be fulfilled. */
export const FULFILLMENT = Buffer.alloc(32, 'kivuko')
export const CONDITION = createHash('sha256').update(FULFILLMENT).digest()

/** Takes every packet for one address whose condition it can fulfill, and notes what it was told. */
export class TestReceiver extends LocalReceiver {
  readonly destination: LocalDestination
  readonly told: string[] = []
  refusal: Refusal | undefined
  /** All that it takes of a packet that brings more. */
  missing: bigint | undefined

  constructor(
    private readonly address: string,
    asset: Asset,
    readonly accountId: LedgerId,
  ) {
    super()
    this.destination = { kind: 'incoming-payment', id: newId(), tenantId: TENANT_ID, accountId, asset }
  }

  find(destination: string): LocalDestination | undefined {
    return destination === this.address ? this.destination : undefined
  }

  async receive(prepare: Prepare): Promise<Reply> {
    if (fulfillmentMatches(prepare.executionCondition, FULFILLMENT)) return fulfill(FULFILLMENT, Buffer.from('thanks'))
    return reject('F05', this.address, 'unfulfillable', Buffer.from(`received ${prepare.amount}`))
  }

  async announce(_destination: LocalDestination, amount: bigint): Promise<Refusal | bigint | undefined> {
    this.told.push(`announced ${amount}`)
    return this.refusal ?? this.missing
  }

  override answer(reply: Reply, _destination: LocalDestination, amount: bigint, isRepeated: boolean): Reply {
    this.told.push(`answered ${amount}${isRepeated ? ' again' : ''}`)
    return reply
  }

  async credited(_destination: LocalDestination, amount: bigint): Promise<void> {
    this.told.push(`credited ${amount}`)
  }

  override overtaken(): void {
    this.told.push('overtaken')
  }

  override async uncertain(): Promise<void> {
    this.told.push('uncertain')
  }

  released(_destination: LocalDestination, amount: bigint): void {
    this.told.push(`released ${amount}`)
  }
}
