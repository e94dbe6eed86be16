import { type LedgerId, MemoryLedger, type Outcome } from '@kivuko/accounting'
import { type Clock, DomainError } from '@kivuko/platform'
import type { Draws } from '../harness/seed.js'
import { type NotedDifference, packetIdOf, transferIdsOf } from './connector-under-test.js'
import { chance, pick } from './drawing.js'
import type { History } from './history.js'
import type { SimulatedProcess } from './simulated-process.js'
import { after } from './virtual-time.js'

const LONGEST_TRIP_MS = 5
// What a call that found nobody waits for: a refused connection, or the ledger's deadline.
const WAITS_MS = [5, 2_000, 10_000] as const
// The ledger may still have been at it when its client gave up.
const LONGEST_EFFECT_MS = 300
const WRITES = new Set(['openAccounts', 'transfer', 'reserve', 'post', 'void', 'setMaximum'])

export interface NodeStoresParts {
  readonly name: string
  readonly clock: Clock
  readonly draws: Draws
  readonly history: History
  readonly isOneDatabase: boolean
}

const STORES = ['ledger', 'tables'] as const
export type Store = (typeof STORES)[number]

interface Outage {
  readonly takesEffect: number
}

interface StoreCall<T> {
  readonly process: SimulatedProcess
  readonly store: Store
  readonly what: string
  readonly packets: readonly number[]
  readonly isWrite: boolean
  readonly apply: () => Promise<T>
}

/** What the processes of a node share and what outlives them: the ledger and the tables. */
export class NodeStores {
  readonly ledger: MemoryLedger
  readonly differences: NotedDifference[] = []
  /** When the packet's money was first reserved or moved. */
  readonly chargedFromMs = new Map<number, number>()
  private readonly outages = new Map<Store, Outage>()
  private readonly known = new Map<LedgerId, { readonly packet: number; readonly packetId: LedgerId }>()

  constructor(private readonly parts: NodeStoresParts) {
    this.ledger = new MemoryLedger(parts.clock, { isDurable: true })
  }

  /** Which packet the node's ledger means by the ids under which it would charge these bytes. */
  know(packet: number, sourceAccountId: LedgerId, bytes: Buffer): void {
    const packetId = packetIdOf(sourceAccountId, bytes)
    for (const id of transferIdsOf(packetId)) this.known.set(id, { packet, packetId })
  }

  /** For so long no call to the store is answered; of the writing ones `takesEffect` percent stand. */
  async beAway(store: Store, forMs: number, takesEffect: number): Promise<void> {
    const { name, history, isOneDatabase } = this.parts
    const outage = { takesEffect }
    const stores = isOneDatabase ? STORES : [store]
    for (const store of stores) this.outages.set(store, outage)
    history.note(undefined, `node ${name}: ${stores.join(' and ')} away`)
    await after(forMs)
    for (const store of stores) this.outages.delete(store)
    history.note(undefined, `node ${name}: ${stores.join(' and ')} back`)
  }

  packetOf(id: LedgerId): number | undefined {
    return this.known.get(id)?.packet
  }

  /** Every id that belongs to the same packet as this one. */
  relatedTo(id: LedgerId): LedgerId[] {
    return transferIdsOf(this.known.get(id)?.packetId ?? id)
  }

  /** `make` is the call, `input` its first argument. */
  callLedger(process: SimulatedProcess, name: string, make: () => unknown, input: unknown): Promise<unknown> {
    const packets = this.packetsIn(input)
    const isWrite = WRITES.has(name)
    const apply = async () => {
      const outcome = await make()
      if (isWrite) this.noteWrite(process, name, packets, outcome)
      return outcome
    }
    const called = this.call({ process, store: 'ledger', what: name, packets, isWrite, apply })
    // A writing verb that is not answered has an outcome all the same; reading ones throw.
    return process.whileAlive(isWrite ? called.catch(unknownOutcome) : called)
  }

  callTables<T>(process: SimulatedProcess, what: string, packets: readonly number[], make: () => T): Promise<T> {
    return process.whileAlive(
      this.call({ process, store: 'tables', what, packets, isWrite: true, apply: async () => make() }),
    )
  }

  note(process: SimulatedProcess, difference: NotedDifference): Promise<void> {
    const { ledgerId, kind, amount } = difference
    const packet = this.packetOf(ledgerId)
    return this.callTables(process, `note ${kind}`, packet === undefined ? [] : [packet], () => {
      const known = this.differences.findIndex((known) => known.ledgerId === ledgerId && known.kind === kind)
      if (known !== -1) {
        if (kind === 'shortfall' || kind === 'beyond-maximum') this.differences[known] = difference
        return
      }
      this.differences.push(difference)
      this.parts.history.note(packet, `${process.name}: lists it as ${kind}, ${amount}`)
    })
  }

  private async call<T>({ process, store, what, packets, isWrite, apply }: StoreCall<T>): Promise<T> {
    const { name, draws, history } = this.parts
    await this.trip()
    // What a killed process had sent may arrive all the same.
    if (!process.isAlive && chance(draws, 50)) throw away(name, store)
    const outage = this.outages.get(store)
    if (outage === undefined) {
      const result = await apply()
      await this.trip()
      return result
    }
    for (const packet of packets) history.fault(packet, `${process.name}: ${store} away at ${what}`)
    if (isWrite && chance(draws, outage.takesEffect)) void after(draws.between(0, LONGEST_EFFECT_MS)).then(apply)
    await after(pick(draws, WAITS_MS))
    throw away(name, store)
  }

  private trip(): Promise<void> {
    return after(this.parts.draws.between(0, LONGEST_TRIP_MS))
  }

  private noteWrite(process: SimulatedProcess, name: string, packets: readonly number[], outcome: unknown): void {
    const text = textOf(outcome)
    for (const packet of packets) {
      this.parts.history.note(packet, `${process.name}: ledger ${name}: ${text}`)
      const isCharge = name === 'reserve' || name === 'transfer'
      if (isCharge && text.startsWith('accepted') && !this.chargedFromMs.has(packet)) {
        this.chargedFromMs.set(packet, this.parts.clock.nowMs())
      }
    }
  }

  private packetsIn(input: unknown): number[] {
    const items: unknown[] = Array.isArray(input) ? input : []
    const packets = items.flatMap((item) => {
      const id = typeof item === 'bigint' ? item : idIn(item)
      return (id === undefined ? undefined : this.packetOf(id)) ?? []
    })
    return [...new Set(packets)]
  }
}

function away(node: string, store: Store): DomainError {
  return new DomainError('unavailable', 'StoreUnavailable', `the ${store} of node ${node} cannot be reached`)
}

function unknownOutcome(error: unknown): Outcome {
  if (error instanceof DomainError) return { kind: 'unknown', message: error.message }
  throw error
}

function idIn(item: unknown): bigint | undefined {
  if (typeof item !== 'object' || item === null || !('id' in item)) return undefined
  return typeof item.id === 'bigint' ? item.id : undefined
}

function textOf(outcome: unknown): string {
  if (typeof outcome !== 'object' || outcome === null || !('kind' in outcome)) return 'done'
  const repeated = 'repeated' in outcome && outcome.repeated === true ? ' before' : ''
  return `${outcome.kind}${repeated}${'refusal' in outcome ? ` (${outcome.refusal})` : ''}`
}
