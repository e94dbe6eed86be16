import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from './logging/logger.js'

const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 5_000
export const PATIENCE_MS = 60_000

/** A server that a setting names, and one attempt to use it. */
export interface AwaitedServer {
  readonly variable: string
  /** Such as `the database kivuko at localhost:5432`; without the password. */
  readonly name: string
  /** What to do when asking again will not help. */
  readonly advice: string
  attempt(): Promise<ServerProblem | undefined>
}

export interface ServerProblem {
  readonly message: string
  /** True when asking again will not change it, as with a wrong password. */
  readonly lasting: boolean
}

/** Resolves when the server can be used; waits for one that is still starting, but not for a wrong password. */
export async function waitForServer(server: AwaitedServer, log: Logger, patienceMs = PATIENCE_MS): Promise<void> {
  let pauseMs = FIRST_PAUSE_MS
  for (let waitedMs = 0; ; waitedMs += pauseMs, pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    const problem = await server.attempt()
    if (problem === undefined) return
    const says = `${server.variable}: ${server.name} cannot be used: ${problem.message}.`
    if (problem.lasting) throw new Error(`${says} ${server.advice}`)
    if (waitedMs >= patienceMs) throw new Error(`${says} Waited ${patienceMs / 1000} seconds for it; is it running?`)
    log.warn(`${says} Trying again in ${pauseMs} ms`)
    await sleep(pauseMs)
  }
}
