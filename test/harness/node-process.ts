import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { waitFor } from './wait-for.js'

const MAIN = fileURLToPath(new URL('../../apps/node/dist/main.js', import.meta.url))
const START_DEADLINE_MS = 60_000

export interface NodeProcess {
  /** SIGTERM: drains. Fails when the process does not end with 0. */
  close(): Promise<void>
  /** SIGKILL: nothing is drained. */
  kill(): Promise<void>
}

/** Starts the built apps/node with exactly this environment, and waits until a door of its answers. */
export async function startNodeProcess(env: Readonly<Record<string, string>>): Promise<NodeProcess> {
  const child = spawn(process.execPath, [MAIN], { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const said: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => said.push(bytes.toString()))
  const ended = new Promise<number | string>((tell) => {
    child.once('exit', (code, signal) => tell(code ?? signal ?? 'nothing'))
  })
  const isUp = async () => {
    if (child.exitCode !== null) throw new Error(`the node ended at its start: ${said.join('')}`)
    const answer = await fetch(`http://127.0.0.1:${portOf(env)}/readyz`).catch(() => undefined)
    return answer?.status === 200
  }
  try {
    await waitFor('the node answers', isUp, { deadlineMs: START_DEADLINE_MS, describe: () => said.join('') })
  } catch (error) {
    // One that begins too late would stand beside the one that is started in its place.
    child.kill('SIGKILL')
    throw error
  }
  return {
    async close() {
      if (hasEnded(child)) return
      child.kill('SIGTERM')
      const how = await ended
      if (how !== 0) throw new Error(`the node ended with ${how}: ${said.join('')}`)
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** The port of a door that this process opens; all are opened where ROLES is unset. */
function portOf({ ROLES = 'admin', ...env }: Readonly<Record<string, string>>): string | undefined {
  const { ADMIN_PORT, CONNECTOR_PORT, OPEN_PAYMENTS_PORT, MONITORING_PORT } = env
  const ports = { admin: ADMIN_PORT, connector: CONNECTOR_PORT, 'open-payments': OPEN_PAYMENTS_PORT }
  return MONITORING_PORT ?? Object.entries(ports).find(([role]) => ROLES.split(',').includes(role))?.[1]
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}
