import { median, type Run } from './pairs.js'

/** Readings of one adapter: by what was measured and how many pairs were in flight. */
export class Readings {
  private readonly values = new Map<string, number[]>()

  add(what: string, inFlight: number, value: number): void {
    const key = `${what} ${inFlight}`
    this.values.set(key, [...(this.values.get(key) ?? []), value])
  }

  addRun(inFlight: number, run: Run): void {
    this.add('pairsPerSecond', inFlight, run.pairsPerSecond)
    this.add('p50Ms', inFlight, run.p50Ms)
  }

  /** The median of each, by pairs in flight. */
  of(what: string, inFlight: readonly number[], digits = 0): Record<string, number> {
    const found = inFlight.flatMap((n) => {
      const values = this.values.get(`${what} ${n}`)
      return values === undefined ? [] : [[n, Number.parseFloat(median(values).toFixed(digits))] as const]
    })
    return Object.fromEntries(found)
  }
}
