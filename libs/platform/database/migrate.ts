import { createHash } from 'node:crypto'
import type { DataSource, QueryRunner } from 'typeorm'
import { messageOf } from '../errors.js'
import type { Migration } from './migration.js'

export type { Migration }

// "kivuko" in a telephone's digits: any number does, as long as every node takes the same lock.
const LOCK_KEY = 548_856

/**
 * Brings the schema up to date: in order of id, each step in a transaction of its own, one node at a time. Refuses to
 * go on where an applied step has been changed since, because then no two databases would be alike.
 */
export async function migrate(dataSource: DataSource, migrations: readonly Migration[]): Promise<void> {
  const ordered = [...migrations].sort((a, b) => (a.id < b.id ? -1 : 1))
  refuseTwins(ordered)
  const runner = dataSource.createQueryRunner()
  try {
    await runner.query('select pg_advisory_lock($1)', [LOCK_KEY])
    const applied = await readApplied(runner)
    for (const migration of ordered) await apply(runner, migration, applied.get(migration.id))
  } finally {
    await runner.query('select pg_advisory_unlock($1)', [LOCK_KEY]).catch(() => undefined)
    await runner.release()
  }
}

async function readApplied(runner: QueryRunner): Promise<Map<string, string>> {
  await runner.query(`create table if not exists kivuko_migrations (
    id text primary key,
    checksum text not null,
    applied_at timestamptz not null default now()
  )`)
  const rows: { id: string; checksum: string }[] = await runner.query('select id, checksum from kivuko_migrations')
  return new Map(rows.map(({ id, checksum }) => [id, checksum]))
}

async function apply(runner: QueryRunner, { id, sql }: Migration, applied: string | undefined): Promise<void> {
  const checksum = createHash('sha256').update(sql).digest('hex')
  if (applied === checksum) return
  if (applied !== undefined) {
    throw new Error(`Migration ${id} was changed after it had been applied to this database. Add a new one instead.`)
  }
  await runner.startTransaction()
  try {
    await runner.query(sql)
    await runner.query('insert into kivuko_migrations (id, checksum) values ($1, $2)', [id, checksum])
    await runner.commitTransaction()
  } catch (error) {
    await runner.rollbackTransaction()
    throw new Error(`Migration ${id} failed: ${messageOf(error)}`, { cause: error })
  }
}

function refuseTwins(ordered: readonly Migration[]): void {
  const twin = ordered.find(({ id }, index) => ordered[index + 1]?.id === id)
  if (twin) throw new Error(`Two migrations have the id ${twin.id}. Give each step an id of its own.`)
}
