const FIRST_CAPACITY = 65_536

/** How long each packet of a run took. */
export class Latencies {
  private times = new Float64Array(FIRST_CAPACITY)
  private count = 0
  private tookMs = 0

  add(ms: number): void {
    if (this.count === this.times.length) {
      const larger = new Float64Array(this.times.length * 2)
      larger.set(this.times)
      this.times = larger
    }
    this.times[this.count++] = ms
  }

  over(tookMs: number): this {
    this.tookMs = tookMs
    this.times = this.times.subarray(0, this.count).sort()
    return this
  }

  get packets(): number {
    return this.count
  }

  get packetsPerSecond(): number {
    return (this.count * 1_000) / this.tookMs
  }

  percentileMs(percent: number): number {
    return this.times[Math.min(this.count - 1, Math.floor((this.count * percent) / 100))] ?? Number.NaN
  }
}
