import { type ChildProcess, spawn } from 'node:child_process'
import type { Account } from './account.js'

// It waits for the end of its input, which nobody writes to: that end comes with this process's, however it dies.
const WATCH = 'read -r _; kill -INT "$0"'

/** Watches over a server from outside: should this process be killed, the server shuts down instead of staying behind. */
export function endWithUs(serverPid: number, account: Account): ChildProcess {
  const guard = spawn('/bin/sh', ['-c', WATCH, String(serverPid)], {
    ...account,
    cwd: '/',
    env: {},
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  guard.on('error', () => undefined)
  guard.unref()
  return guard
}
