import { query } from './database-server.js'

/** How often a statement was made since the last reset, and how long the server was at it, in all databases of the nodes. */
export interface Statement {
  readonly text: string
  readonly calls: number
  readonly planningMs: number
  readonly executionMs: number
  /** BullMQ's own, and what begins and ends a transaction, are not. */
  readonly isCounted: boolean
}

const MADE = `
  select max(query) as text, sum(calls)::int as calls, sum(total_plan_time) as "planningMs",
    sum(total_exec_time) as "executionMs",
    bool_and(query !~* '^(begin|start transaction|commit|rollback|set )' and query !~* $1) as "isCounted"
  from pg_stat_statements s join pg_database d on d.oid = s.dbid
  where d.datname like 'bench%'
  group by queryid order by calls desc`

// BullMQ calls its functions and tables by their bare names, in a schema of its own.
const QUEUE_NAMES = `
  select '\\m(' || (select string_agg(distinct proname, '|') from pg_proc where pronamespace = to_regnamespace('bullmq'))
    || ')\\s*\\(|\\m(from|into|update)\\s+("?bullmq"?\\.)?"?('
    || (select string_agg(relname, '|') from pg_class where relnamespace = to_regnamespace('bullmq') and relkind in ('r', 'p'))
    || ')\\M' as pattern`

export async function resetStatements(serverUrl: string): Promise<void> {
  await query(serverUrl, 'select pg_stat_statements_reset()')
}

/** Those of the queue have names that the database of a node tells. */
export async function readStatements(serverUrl: string, nodeUrl: string): Promise<Statement[]> {
  const [queue] = await query<{ pattern: string | null }>(nodeUrl, QUEUE_NAMES)
  // Nothing is called so: with Redis there is no such schema.
  return query<Statement>(serverUrl, MADE, [queue?.pattern ?? '^$'])
}

/** Committed transactions of the nodes' databases so far. */
export async function readTransactions(serverUrl: string): Promise<number> {
  const sql = `select sum(xact_commit)::int as commits from pg_stat_database where datname like 'bench%'`
  const [row] = await query<{ commits: number }>(serverUrl, sql)
  return row?.commits ?? 0
}
