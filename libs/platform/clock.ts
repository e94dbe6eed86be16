/** The only source of time: injected, so that tests turn it by hand. */
export abstract class Clock {
  abstract nowMs(): number

  now(): Date {
    return new Date(this.nowMs())
  }
}

export class SystemClock extends Clock {
  nowMs(): number {
    return Date.now()
  }
}

/** A clock that stands still until a test advances it. */
export class ManualClock extends Clock {
  constructor(private currentMs: number) {
    super()
  }

  nowMs(): number {
    return this.currentMs
  }

  advance(byMs: number): void {
    this.currentMs += byMs
  }
}
