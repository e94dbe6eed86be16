import { z } from 'zod'
import { addTimes, type Duration, lastAtOrBefore, parseDuration } from './duration.js'

/** One run of a repeating interval: from its start up to, not including, its end. In milliseconds since 1970. */
export interface Interval {
  readonly startMs: number
  readonly endMs: number
}

/** ISO 8601 `R[n]/start/duration`, `R[n]/duration/end` or `R[n]/start/end`, read. */
export interface RepeatingInterval {
  /** How many intervals there are in all; undefined: no end. */
  readonly count: number | undefined
  readonly anchorMs: number
  readonly duration: Duration
  /** True: counted back from the anchor, which is the end of the last one. */
  readonly isBackward: boolean
}

/** Undefined for text of another form, for a duration of nothing, and for an end that is not after its start. */
export function parseRepeatingInterval(text: string): RepeatingInterval | undefined {
  const [repetition = '', first = '', second = '', ...rest] = text.split('/')
  const digits = /^R(\d{1,9}|-1)?$/.exec(repetition)
  if (digits === null || rest.length > 0) return undefined
  const count = digits[1] === undefined || digits[1] === '-1' ? undefined : Number(digits[1])
  const span = parseSpan(first, second)
  return span && { count, ...span }
}

type Span = Omit<RepeatingInterval, 'count'>

function parseSpan(first: string, second: string): Span | undefined {
  const startMs = parseTime(first)
  const endMs = parseTime(second)
  if (startMs !== undefined && endMs !== undefined) {
    const duration = { months: 0, ms: endMs - startMs }
    return duration.ms > 0 ? { anchorMs: startMs, duration, isBackward: false } : undefined
  }
  const isBackward = startMs === undefined
  const anchorMs = startMs ?? endMs
  const duration = parseDuration(isBackward ? first : second)
  return anchorMs !== undefined && duration ? { anchorMs, duration, isBackward } : undefined
}

/** The interval that a time falls in; undefined before the first and from the end of the last one on. */
export function intervalAt(repeating: RepeatingInterval, atMs: number): Interval | undefined {
  return repeating.isBackward ? backwardAt(repeating, atMs) : forwardAt(repeating, atMs)
}

function forwardAt(
  { anchorMs, duration, count = Number.POSITIVE_INFINITY }: RepeatingInterval,
  atMs: number,
): Interval | undefined {
  const index = lastAtOrBefore(anchorMs, duration, atMs)
  if (index === undefined || index >= count) return undefined
  return { startMs: addTimes(anchorMs, duration, index), endMs: addTimes(anchorMs, duration, index + 1) }
}

function backwardAt(
  { anchorMs, duration, count = Number.POSITIVE_INFINITY }: RepeatingInterval,
  atMs: number,
): Interval | undefined {
  if (atMs >= anchorMs) return undefined
  const steps = lastAtOrBefore(anchorMs, duration, atMs, -1)
  if (steps === undefined || steps > count) return undefined
  return { startMs: addTimes(anchorMs, duration, -steps), endMs: addTimes(anchorMs, duration, 1 - steps) }
}

// A time without an offset is UTC, as Rafiki reads it.
const time = z.iso.datetime({ offset: true, local: true })

function parseTime(text: string): number | undefined {
  if (!time.safeParse(text).success) return undefined
  const ms = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`)
  return Number.isNaN(ms) ? undefined : ms
}
