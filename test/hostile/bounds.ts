import { SystemClock } from '@kivuko/platform'
import { expect } from 'vitest'

// Far above what any call takes on a busy machine, and far below what a caller would call a hang.
const LONGEST_MS = 10_000
const LARGEST_ERROR_BYTES = 65_536

const clock = new SystemClock()

export interface Answer {
  readonly status: number
  readonly text: string
  readonly type: string
}

/** Sends a request, and holds the answer against what no door may do to its caller: fail, keep it waiting, flood it. */
export async function answered(what: string, send: () => Promise<Response>): Promise<Answer> {
  const startedAtMs = clock.nowMs()
  const response = await send()
  const text = await response.text()
  const shown = `${what.slice(0, 2_000)}\n→ ${response.status} ${text.slice(0, 500)}`
  expect(response.status, shown).toBeLessThan(500)
  expect(clock.nowMs() - startedAtMs, shown).toBeLessThan(LONGEST_MS)
  if (response.status >= 400) expect(Buffer.byteLength(text), shown).toBeLessThan(LARGEST_ERROR_BYTES)
  return { status: response.status, text, type: response.headers.get('content-type') ?? '' }
}

/** How many of each status came back: a run that only ever hears "unauthenticated" has tested nothing else. */
export class Tally {
  private readonly counts = new Map<string, number>()

  add(what: string | number): void {
    this.counts.set(`${what}`, this.of(what) + 1)
  }

  of(what: string | number): number {
    return this.counts.get(`${what}`) ?? 0
  }

  toString(): string {
    return [...this.counts]
      .sort()
      .map(([what, count]) => `${what}: ${count}`)
      .join(', ')
  }
}
