import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { freePorts } from '../../harness/listen.js'
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

/** Where the embedded Postgres of a data folder keeps its cluster. */
async function clusterFolder(name = 'node'): Promise<string> {
  const text = await readFile(join(home, name, 'postgres.json'), 'utf8')
  return resolve(home, name, z.object({ folder: z.string() }).parse(JSON.parse(text)).folder)
}

async function serverPid(folder: string): Promise<number | undefined> {
  const text = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : Number.parseInt(text, 10)
}

describe('a node as a process', () => {
  it('opens its doors, prints where they are, and on SIGTERM leaves nothing behind', async () => {
    const node = await runUntilOpen()
    expect(node.output()).toContain(node.openPaymentsUrl)
    expect(node.output()).toContain('secrets.json')
    expect((await fetch(`${node.openPaymentsUrl}/healthz`)).status).toBe(200)
    const folder = await clusterFolder()
    expect(await serverPid(folder)).toBeTypeOf('number')
    expect(await stop(node, 'SIGTERM')).toBe(0)
    expect(await serverPid(folder)).toBeUndefined()
  })

  it('starts again on the same folder after kill -9, which takes its server along', async () => {
    const first = await runUntilOpen()
    const folder = await clusterFolder()
    await stop(first, 'SIGKILL')
    await waitFor('its server to leave', async () => (await serverPid(folder)) === undefined)
    const second = await runUntilOpen()
    expect((await fetch(`${second.openPaymentsUrl}/healthz`)).status).toBe(200)
    expect(await stop(second, 'SIGINT')).toBe(0)
  })

  it('says what is wrong with its settings and ends, before it touches anything', async () => {
    const node = await run({ CONNECTOR_PORT: 'abc', REDIS_URL: 'redis://127.0.0.1' })
    await once(node.child, 'close')
    expect(node.child.exitCode).toBe(1)
    expect(node.output()).toContain('Kivuko cannot start: 2 settings are wrong.')
    expect(node.output()).toContain('  CONNECTOR_PORT: found "abc"; expected a port number')
    await expect(readFile(join(home, 'node/secrets.json'))).rejects.toThrow('ENOENT')
  })

  it('names the port that is taken, and takes its server down again', async () => {
    const open = await runUntilOpen()
    const taken = new URL(open.openPaymentsUrl).port
    const other = await run({ OPEN_PAYMENTS_PORT: taken, DATA_DIR: join(home, 'other') })
    await once(other.child, 'close')
    expect(other.child.exitCode).toBe(1)
    expect(other.output()).toContain(
      `address already in use 127.0.0.1:${taken}. Set OPEN_PAYMENTS_PORT to a port that is free.`,
    )
    const folder = await clusterFolder('other')
    expect(await serverPid(folder)).toBeUndefined()
    await rm(folder, { recursive: true, force: true })
    expect(await stop(open, 'SIGTERM')).toBe(0)
  })
})
