/** Where lines go: a terminal. */
interface Sink {
  write(line: string): unknown
}

const LEVELS: Readonly<Record<number, string>> = {
  10: '\u001b[90mtrace\u001b[39m',
  20: '\u001b[90mdebug\u001b[39m',
  30: '\u001b[32minfo \u001b[39m',
  40: '\u001b[33mwarn \u001b[39m',
  50: '\u001b[31merror\u001b[39m',
  60: '\u001b[31mfatal\u001b[39m',
}
const LEFT_OUT = new Set(['level', 'time', 'msg', 'node', 'err', 'pid', 'hostname'])

/** A pino destination that turns each JSON record into one line to read: time, level, message, the rest as key=value. */
export class ShortLines {
  constructor(private readonly sink: Sink) {}

  write(record: string): void {
    this.sink.write(`${shortLine(record)}\n`)
  }
}

/** One record as a line; what is not a record stays as it is. */
export function shortLine(record: string): string {
  const fields = parseRecord(record)
  if (fields === undefined) return record.trimEnd()
  const { level, time, msg, err } = fields
  const clock = typeof time === 'number' ? new Date(time).toTimeString().slice(0, 8) : ''
  const rest = Object.entries(fields).filter(([key]) => !LEFT_OUT.has(key))
  const pairs = rest.map(
    ([key, value]) => `\u001b[90m${key}=${typeof value === 'string' ? value : JSON.stringify(value)}\u001b[39m`,
  )
  const head = `${clock} ${LEVELS[typeof level === 'number' ? level : 0] ?? String(level)} ${typeof msg === 'string' ? msg : ''}`
  return [head, ...pairs].join(' ') + stackOf(err)
}

function stackOf(err: unknown): string {
  if (typeof err !== 'object' || err === null || !('stack' in err)) return ''
  return `\n  ${String(err.stack).replaceAll('\n', '\n  ')}`
}

function parseRecord(record: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(record)
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : undefined
  } catch {
    return undefined
  }
}
