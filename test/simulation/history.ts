import type { Clock } from '@kivuko/platform'

interface Event {
  readonly atMs: number
  /** Undefined: it concerns every packet. */
  readonly packet: number | undefined
  readonly text: string
}

/** What happened, packet by packet, for whoever has to understand a run that failed. */
export class History {
  private readonly events: Event[] = []
  private readonly faults = new Set<number>()
  private readonly startMs: number

  constructor(private readonly clock: Clock) {
    this.startMs = clock.nowMs()
  }

  get nowMs(): number {
    return this.clock.nowMs()
  }

  note(packet: number | undefined, text: string): void {
    this.events.push({ atMs: this.clock.nowMs(), packet, text })
  }

  /** Something that may keep a neighbour from knowing what became of the packet. */
  fault(packet: number, text: string): void {
    this.faults.add(packet)
    this.note(packet, `! ${text}`)
  }

  hasFault(packet: number): boolean {
    return this.faults.has(packet)
  }

  /** The packet's events in order, among those that concern all. */
  of(packet: number): string[] {
    const own = this.events.filter((event) => event.packet === packet)
    const [firstMs = 0, lastMs = 0] = [own.at(0)?.atMs, own.at(-1)?.atMs]
    return this.events
      .filter(({ atMs, packet: of }) => of === packet || (of === undefined && atMs >= firstMs && atMs <= lastMs))
      .map((event) => this.lineOf(event))
  }

  /** Everything, to compare two runs of one seed. */
  get lines(): string[] {
    return this.events.map((event) => `${event.packet ?? '-'} ${this.lineOf(event)}`)
  }

  private lineOf({ atMs, packet, text }: Event): string {
    const seconds = ((atMs - this.startMs) / 1_000).toFixed(3).padStart(9)
    return packet === undefined ? `${seconds}  --- ${text} ---` : `${seconds}  ${text}`
  }
}
