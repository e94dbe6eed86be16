import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { freePorts, listen } from '../../harness/listen.js'
import { waitFor } from '../../harness/wait-for.js'

const path = (fromHere: string) => fileURLToPath(new URL(fromHere, import.meta.url))
const MAIN = path('../../../apps/node/dist/main.js')

interface RunningProcess {
  readonly child: ChildProcess
  readonly openPaymentsUrl: string
  readonly output: () => string
}

let home: string
let running: ChildProcess[]

beforeAll(() => promisify(execFile)(process.execPath, [path('../../../scripts/prepare.mjs')]))
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'kivuko-process-'))
  running = []
})
afterEach(async () => {
  for (const child of running.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  const server = await clusterFolder().catch(() => undefined)
  if (server !== undefined) {
    await waitFor('the server to leave', () => serverPid(server).then((pid) => pid === undefined))
    await rm(server, { recursive: true, force: true })
  }
  await rm(home, { recursive: true, force: true })
})

/** A node as a process of its own, on an embedded database, with nothing from this machine's environment. */
async function run(env: Record<string, string> = {}): Promise<RunningProcess> {
  const [admin, connector, openPayments] = await freePorts(3)
  const ports = { ADMIN_PORT: `${admin}`, CONNECTOR_PORT: `${connector}`, OPEN_PAYMENTS_PORT: `${openPayments}` }
  const settings = { DATA_DIR: join(home, 'node'), PATH: '/usr/local/bin:/usr/bin:/bin', ...ports, ...env }
  const child = spawn(process.execPath, [MAIN], { cwd: home, env: settings, stdio: ['ignore', 'pipe', 'pipe'] })
  running.push(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  return { child, openPaymentsUrl: `http://127.0.0.1:${openPayments}`, output: () => output }
}

async function runUntilOpen(): Promise<RunningProcess> {
  const node = await run()
  const isOpen = () => node.output().includes('is open') || node.child.exitCode !== null
  await waitFor('the node to open', isOpen, { deadlineMs: 50_000, describe: node.output })
  return node
}

async function stop({ child }: RunningProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exit = once(child, 'exit')
  child.kill(signal)
  await exit
  return child.exitCode
}

/** Where the embedded Postgres keeps its cluster. */
async function clusterFolder(): Promise<string> {
  const text = await readFile(join(home, 'node', 'postgres.json'), 'utf8')
  return resolve(home, 'node', z.object({ folder: z.string() }).parse(JSON.parse(text)).folder)
}

async function serverPid(folder: string): Promise<number | undefined> {
  const text = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : Number.parseInt(text, 10)
}

describe('a node as a process', () => {
  it('opens its doors, survives kill -9, and on SIGTERM leaves nothing running', async () => {
    const first = await runUntilOpen()
    expect(first.output()).toContain(first.openPaymentsUrl)
    expect(first.output()).toContain('secrets.json')
    expect((await fetch(`${first.openPaymentsUrl}/healthz`)).status).toBe(200)
    const folder = await clusterFolder()
    await stop(first, 'SIGKILL')
    await waitFor('its server to leave', async () => (await serverPid(folder)) === undefined)

    const second = await runUntilOpen()
    expect((await fetch(`${second.openPaymentsUrl}/healthz`)).status).toBe(200)
    expect(await serverPid(folder)).toBeTypeOf('number')
    expect(await stop(second, 'SIGTERM')).toBe(0)
    expect(await serverPid(folder)).toBeUndefined()
  })

  it('says what is wrong with its settings and ends, before it touches anything', async () => {
    const node = await run({ CONNECTOR_PORT: 'abc', REDIS_URL: 'http://127.0.0.1' })
    await once(node.child, 'close')
    expect(node.child.exitCode).toBe(1)
    expect(node.output()).toContain('Kivuko cannot start: 2 settings are wrong.')
    expect(node.output()).toContain('  CONNECTOR_PORT: found "abc"; expected a port number')
    await expect(readFile(join(home, 'node/secrets.json'))).rejects.toThrow('ENOENT')
  })

  it('names the ports that are taken before it starts its database', async () => {
    const other = await listen((_request, response) => response.end())
    const taken = new URL(other.url).port
    const node = await run({ OPEN_PAYMENTS_PORT: taken })
    await once(node.child, 'close')
    await other.close()
    expect(node.child.exitCode).toBe(1)
    expect(node.output()).toContain(
      `OPEN_PAYMENTS_PORT: found "${taken}", on which 127.0.0.1 cannot be listened to (EADDRINUSE); expected a port that is free`,
    )
    await expect(readFile(join(home, 'node', 'postgres.json'))).rejects.toThrow('ENOENT')
  })
})
