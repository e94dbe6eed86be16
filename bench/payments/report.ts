import { STAGES, type Stage } from './load.js'
import type { Run } from './measuring.js'
import { PATHS, type Path } from './plan.js'
import type { Statement } from './statements.js'

const SHOWN_STATEMENTS = 60
const SHOWN_LETTERS = 110

/** Tables for people; the last line is JSON. */
export function printReport(runs: readonly Run[], idleTransactionsPerSecond: number): void {
  console.table(runs.map(rowOf))
  console.table(runs.flatMap((run) => STAGES.map((stage) => ({ ...nameOf(run), stage, ...timesOf(run, stage) }))))
  console.log(`Idle: ${idleTransactionsPerSecond.toFixed(1)} transactions per second on both nodes together`)
  const byPath = PATHS.map((path) => [path, runs.filter((run) => run.path === path)] as const)
  const json = {
    ...Object.fromEntries(byPath.map(([path, own]) => [path, Object.fromEntries(own.map(figuresOf))])),
    quote: Object.fromEntries(byPath.map(([path, own]) => [path, quoteOf(own)])),
    statementsPerPayment: Object.fromEntries(byPath.map(([path, own]) => [path, most(own)])),
    idleTransactionsPerSecond,
  } satisfies Partial<Record<Path | 'quote' | 'statementsPerPayment' | 'idleTransactionsPerSecond', unknown>>
  console.log(JSON.stringify(json))
}

export function printStatements(run: Run): void {
  const shown = run.statements.toSorted((a, b) => timeOf(b) - timeOf(a)).slice(0, SHOWN_STATEMENTS)
  console.table(
    shown.map(({ text, calls, planningMs, executionMs, isCounted }) => ({
      perPayment: cut(calls / run.payments),
      counted: isCounted,
      'planning ms': cut(planningMs / run.payments),
      'execution ms': cut(executionMs / run.payments),
      statement: text.replace(/\s+/g, ' ').slice(0, SHOWN_LETTERS),
    })),
  )
}

function rowOf(run: Run) {
  const { seconds, accepted, completed, payments } = run
  return {
    ...nameOf(run),
    'accepted/s': cut(accepted / seconds),
    'completed/s': cut(completed / seconds),
    'statements per payment': statementsPerPayment(run),
    'node CPU ms': cut(run.nodesCpuMs / payments),
    'database CPU ms': cut(run.databaseCpuMs / payments),
  }
}

function nameOf({ path, users }: Run) {
  return { path, users }
}

function figuresOf(run: Run): [string, Record<string, number>] {
  const { users, accepted, completed, seconds } = run
  const perSecond = { acceptedPerSecond: cut(accepted / seconds), completedPerSecond: cut(completed / seconds) }
  return [`${users}`, { ...perSecond, ...timesOf(run, 'total') }]
}

function timesOf({ latencies }: Run, stage: Stage): Record<'p50Ms' | 'p95Ms' | 'p99Ms', number> {
  const times = latencies[stage]
  return {
    p50Ms: cut(times.percentileMs(50)),
    p95Ms: cut(times.percentileMs(95)),
    p99Ms: cut(times.percentileMs(99)),
  }
}

/** The promise about quotes is for one user. */
function quoteOf([first]: readonly Run[]): { p95Ms: number } | undefined {
  return first && { p95Ms: timesOf(first, 'quote').p95Ms }
}

/** With few users nothing can be done for several payments at once: the most of all runs is what a payment costs. */
function most(runs: readonly Run[]): number | undefined {
  return runs.length === 0 ? undefined : Math.max(...runs.map(statementsPerPayment))
}

function statementsPerPayment({ statements, payments }: Run): number {
  const counted = statements.filter(({ isCounted }) => isCounted)
  return cut(counted.reduce((sum, { calls }) => sum + calls, 0) / payments)
}

function timeOf({ planningMs, executionMs }: Statement): number {
  return planningMs + executionMs
}

function cut(value: number): number {
  return Math.round(value * 100) / 100
}
