import pg from 'pg'

/** Signs of life, which come by themselves. */
const HEARTBEATS: ReadonlySet<string> = new Set(['select 1', 'SELECT 1'])

/** Counts every statement that this process sends to a database, whoever sends it: the driver itself is listened to. */
export class StatementCounter {
  private readonly original = pg.Client.prototype.query
  readonly seen: string[] = []

  listen(): void {
    const { original, seen } = this
    pg.Client.prototype.query = new Proxy(original, {
      apply(query, client, args) {
        seen.push(textOf(args[0]))
        return Reflect.apply(query, client, args)
      },
    })
  }

  stop(): void {
    pg.Client.prototype.query = this.original
  }

  /** The statements of one act. */
  async during(act: () => Promise<unknown>): Promise<string[]> {
    const start = this.seen.length
    await act()
    return this.seen.slice(start).filter((text) => !HEARTBEATS.has(text))
  }
}

function textOf(statement: unknown): string {
  if (typeof statement === 'string') return statement
  const hasText = typeof statement === 'object' && statement !== null && 'text' in statement
  return hasText ? String(statement.text) : 'unnamed'
}
