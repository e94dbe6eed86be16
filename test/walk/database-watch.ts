import type { FreshDatabase } from '../harness/postgres.js'

/** What a node keeps for itself, whoever calls. */
const OWN_TABLES = ['used_signatures', 'kivuko_migrations', 'ledger_releases']

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** Rows as texts, each with the table's name. */
type Rows = ReadonlySet<string>

/** What a call did to the rows of the database. */
export interface Change {
  readonly added: readonly string[]
  /** As they were before they were changed or deleted. */
  readonly gone: readonly string[]
}

/** Sees everything that a call does to the database, whichever table that is in. */
export class DatabaseWatch {
  private constructor(
    private readonly database: FreshDatabase,
    private readonly everyRow: string,
  ) {}

  static async of(database: FreshDatabase): Promise<DatabaseWatch> {
    const tables = await database.query(
      "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace",
    )
    const watched = tables.map(({ relname }) => String(relname)).filter((table) => !OWN_TABLES.includes(table))
    // The ledger's transfers name accounts by a short number: the account's uuid is put beside it.
    const rowsOf = (table: string) =>
      table === 'ledger_transfers'
        ? `select 'ledger_transfers ' || t::text || ' ' || d.id || ' ' || c.id from ledger_transfers t
           join ledger_accounts d on d.no = t.debit_account join ledger_accounts c on c.no = t.credit_account`
        : `select '${table} ' || t::text from "${table}" t`
    return new DatabaseWatch(database, watched.map(rowsOf).join(' union all '))
  }

  async rows(): Promise<Rows> {
    const rows = await this.database.query(`select row from (${this.everyRow}) every (row)`)
    return new Set(rows.map(({ row }) => String(row)))
  }

  async changesBy<T>(act: () => Promise<T>): Promise<{ readonly result: T; readonly change: Change }> {
    const before = await this.rows()
    const result = await act()
    const after = await this.rows()
    const added = [...after].filter((row) => !before.has(row))
    const gone = [...before].filter((row) => !after.has(row))
    return { result, change: { added, gone } }
  }

  /** The ids in every row of a tenant: its own, and those of whatever it has. */
  async idsOf(tenantId: string): Promise<ReadonlySet<string>> {
    const rows = [...(await this.rows())].filter((row) => row.includes(tenantId))
    return new Set(rows.flatMap((row) => row.match(UUID) ?? []))
  }
}

export function isNothing({ added, gone }: Change): boolean {
  return added.length === 0 && gone.length === 0
}
