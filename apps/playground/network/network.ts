import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Child } from './child.js'
import { freePorts } from './free-ports.js'
import { type Institution, PORTS_PER_INSTITUTION, planInstitution } from './institution.js'
import { bankSettings, type Environment, nodeEnvironment, passedOn } from './settings.js'
import { PlaygroundError, waitUntil } from './wait-until.js'

const START_DEADLINE_MS = 60_000
// A port that was free a moment ago may be taken by now, by another playground for one.
const ATTEMPTS = 3
const BANK_SCRIPT = fileURLToPath(new URL('../bank/main.js', import.meta.url))
const NODE_SCRIPT = fileURLToPath(new URL('../../../node/dist/main.js', import.meta.url))

export interface RunningInstitution extends Institution {
  readonly bank: Child
  readonly node: Child
}

export interface NetworkOptions {
  readonly folder: string
  readonly environment: Environment
  /** Once aborted, nothing more is started. */
  readonly signal: AbortSignal
  /** Called when one of the four processes answers. */
  readonly onReady: (name: string, url: string, milliseconds: number) => void
}

/** Two banks and two nodes, each a process of its own; all four start at once. */
export class Network {
  private constructor(
    readonly alpha: RunningInstitution,
    readonly beta: RunningInstitution,
  ) {}

  static async start(options: NetworkOptions): Promise<Network> {
    const { folder, environment, signal, onReady } = options
    for (let attempt = 1; ; attempt += 1) {
      const network = await Network.spawn(join(folder, `start-${attempt}`), environment, signal)
      try {
        await network.ready(onReady)
        return network
      } catch (error) {
        await network.stop()
        if (attempt === ATTEMPTS || !lostPort(error)) throw error
      }
    }
  }

  private static async spawn(folder: string, environment: Environment, signal: AbortSignal): Promise<Network> {
    const ports = await freePorts(2 * PORTS_PER_INSTITUTION)
    const alpha = planInstitution('alpha', 'Alpha Bank', folder, ports.slice(0, PORTS_PER_INSTITUTION))
    const beta = planInstitution('beta', 'Beta Bank', folder, ports.slice(PORTS_PER_INSTITUTION))
    const [runningAlpha, runningBeta] = await Promise.all([
      spawnInstitution(alpha, environment, signal),
      spawnInstitution(beta, environment, signal),
    ])
    return new Network(runningAlpha, runningBeta)
  }

  get children(): readonly Child[] {
    return [this.alpha.node, this.beta.node, this.alpha.bank, this.beta.bank]
  }

  async stop(): Promise<void> {
    await Promise.all(this.children.map((child) => child.stop()))
  }

  private async ready(onReady: NetworkOptions['onReady']): Promise<void> {
    const startedMs = performance.now()
    const wait = async (child: Child, url: string) => {
      const waiting = { what: `${child.name} at ${url}`, deadlineMs: START_DEADLINE_MS, children: [child] }
      await waitUntil(waiting, () => healthy(url))
      onReady(child.name, url, performance.now() - startedMs)
    }
    await Promise.all(
      [this.alpha, this.beta].flatMap(({ bank, bankUrl, node, adminUrl, openPaymentsUrl }) => [
        wait(bank, bankUrl),
        wait(node, new URL(adminUrl).origin),
        healthyLater(node, openPaymentsUrl),
      ]),
    )
  }
}

/** A node's doors open one after the other: the last of them counts too, but is not worth a line. */
async function healthyLater(child: Child, url: string): Promise<void> {
  const waiting = { what: `${child.name} at ${url}`, deadlineMs: START_DEADLINE_MS, children: [child] }
  await waitUntil(waiting, () => healthy(url))
}

async function spawnInstitution(
  institution: Institution,
  environment: Environment,
  signal: AbortSignal,
): Promise<RunningInstitution> {
  const { folder, name } = institution
  const settingsFile = join(folder, 'bank.json')
  // The node's database may run as another user, who has to pass through.
  await mkdir(folder, { recursive: true, mode: 0o711 })
  await writeFile(settingsFile, JSON.stringify(bankSettings(institution), null, 2), { mode: 0o600 })
  signal.throwIfAborted()
  const bank = new Child({
    name,
    script: BANK_SCRIPT,
    args: [settingsFile],
    folder,
    logFile: join(folder, 'bank.log'),
    env: passedOn(environment),
  })
  const node = new Child({
    name: `${name.split(' ')[0]} node`,
    script: NODE_SCRIPT,
    folder,
    logFile: join(folder, 'node.log'),
    env: { ...passedOn(environment), ...nodeEnvironment(institution) },
  })
  return { ...institution, bank, node }
}

async function healthy(url: string): Promise<true | undefined> {
  const response = await fetch(new URL('/healthz', url), { signal: AbortSignal.timeout(2_000) })
  await response.arrayBuffer()
  if (!response.ok) throw new Error(`status ${response.status}`)
  return true
}

function lostPort(error: unknown): boolean {
  if (!(error instanceof PlaygroundError) || error.child === undefined) return false
  return error.child.tail(50).some((line) => line.includes('EADDRINUSE'))
}
