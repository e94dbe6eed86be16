/** A calendar part, whose length depends on where it starts, and a part of fixed length. */
export interface Duration {
  readonly months: number
  readonly ms: number
}

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const DURATION =
  /^P(?!$)(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?!$)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9})S)?)?$/

/** ISO 8601 such as P1M, P2W or P1DT12H; in UTC a day is 24 hours. Undefined for another form and for nothing. */
export function parseDuration(text: string): Duration | undefined {
  const parts = DURATION.exec(text)
    ?.slice(1)
    .map((digits) => Number(digits ?? 0))
  if (parts === undefined) return undefined
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts
  const fixedMs = (weeks * 7 + days) * DAY_MS + hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS
  const duration = { months: years * 12 + months, ms: fixedMs }
  return duration.months > 0 || duration.ms > 0 ? duration : undefined
}

/**
 * `start + times × duration`, in UTC. Months are counted from the start each time, so that the 31st comes back after
 * February; where a month has no such day, its last one is meant.
 */
export function addTimes(startMs: number, { months, ms }: Duration, times: number): number {
  return addMonths(startMs, months * times) + ms * times
}

function addMonths(startMs: number, months: number): number {
  if (months === 0) return startMs
  const start = new Date(startMs)
  const month = start.getUTCMonth() + months
  const lastDay = new Date(Date.UTC(start.getUTCFullYear(), month + 1, 0)).getUTCDate()
  const day = Math.min(start.getUTCDate(), lastDay)
  const timeOfDayMs = ((startMs % DAY_MS) + DAY_MS) % DAY_MS
  return Date.UTC(start.getUTCFullYear(), month, day) + timeOfDayMs
}

/**
 * How many durations from the start the last step at or before a time is. With `direction` -1: how many steps back from
 * the start the first one at or before it is. Undefined where there is none that a calendar can name.
 */
export function lastAtOrBefore(
  startMs: number,
  duration: Duration,
  atMs: number,
  direction: 1 | -1 = 1,
): number | undefined {
  const isPast = (steps: number) =>
    direction === 1 ? addTimes(startMs, duration, steps) > atMs : addTimes(startMs, duration, -steps) <= atMs
  // The first step for which it holds: found by doubling, then by halving what is left.
  let high = 1
  while (!isPast(high)) {
    if (Number.isNaN(addTimes(startMs, duration, direction * high))) return undefined
    high *= 2
  }
  let low = direction === 1 ? -1 : 0
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (isPast(middle)) high = middle
    else low = middle
  }
  if (direction === -1) return high
  return low < 0 ? undefined : low
}
