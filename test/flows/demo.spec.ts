import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readEnvironment } from '@kivuko/platform'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { waitFor } from '../harness/wait-for.js'

const SCRIPT = fileURLToPath(new URL('../../scripts/demo.mjs', import.meta.url))
const DEADLINE_MS = 120_000

let temporary: string
let demo: ChildProcess
let output: string

beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'demo-test-'))
  // As root the databases run as another user, who has to pass through.
  await chmod(temporary, 0o711)
  output = ''
})

afterEach(async () => {
  demo.kill('SIGTERM')
  await rm(temporary, { recursive: true, force: true })
})

function start(...args: string[]): Promise<number | null> {
  demo = spawn(process.execPath, [SCRIPT, ...args], { env: { ...readEnvironment(), TMPDIR: temporary } })
  demo.stdout?.on('data', (text) => {
    output += text
  })
  demo.stderr?.on('data', (text) => {
    output += text
  })
  return once(demo, 'exit').then(([code]) => code)
}

/** Command lines of processes that still work in the demo's folder; where there is no /proc this finds nothing. */
async function leftProcesses(): Promise<string[]> {
  const entries = await readdir('/proc').catch(() => [])
  const pids = entries.filter((entry) => /^\d+$/.test(entry))
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return lines.filter((line) => line.includes(temporary))
}

const customersShape = z.array(z.object({ name: z.string(), balance: z.coerce.bigint(), held: z.coerce.bigint() }))

async function customer(bankUrl: string, name: string) {
  const response = await fetch(`${bankUrl}/customers`)
  return customersShape.parse(await response.json()).find((each) => each.name === name)
}

describe('npm run demo', () => {
  it('pays, stays up for another payment, and leaves nothing behind after Ctrl-C', async () => {
    const exit = start()
    const said = () => output
    await waitFor('the invitation', () => output.includes('what a node says'), {
      deadlineMs: DEADLINE_MS,
      describe: said,
    })
    expect(output).toContain('paid: 100.00 USD → 91.00 EUR')
    expect(output).toContain('Alpha Bank says 100.00 USD, Beta Bank says 100.00 USD')
    expect(output).not.toContain('✗')
    const bankUrls = [...output.matchAll(/bank (http:\S+)/g)].map(([, url = '']) => url)
    const walletUrls = [...output.matchAll(/(http:\S+\/alice) \(USD\)/g)].map(([, url = '']) => url)
    const [alphaBank = '', betaBank = ''] = bankUrls
    const order = { from: 'bob', to: walletUrls[0], amount: '10.00' }
    const answer = await fetch(`${betaBank}/payments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(order),
    })
    expect(answer.status).toBe(201)
    // 500.00 - 100.00 + 10.00 EUR × 1.09 USD; 20.00 + 91.00 - 10.00 EUR.
    await waitFor('alice has 410.90 USD', async () => (await customer(alphaBank, 'alice'))?.balance === 41_090n)
    await waitFor('bob has 101.00 EUR', async () => (await customer(betaBank, 'bob'))?.balance === 10_100n)
    demo.kill('SIGINT')
    expect(await exit).toBe(0)
    expect(await readdir(temporary)).toEqual([])
    await waitFor('no process is left', async () => (await leftProcesses()).length === 0)
    await expect(fetch(alphaBank)).rejects.toThrow()
  }, 180_000)

  it('interrupted before it paid, ends as interrupted and leaves nothing behind', async () => {
    const exit = start('--once')
    await waitFor('the start', () => output.includes('Starting two nodes'), { deadlineMs: DEADLINE_MS })
    await waitFor('a process', async () => (await leftProcesses()).length > 0)
    demo.kill('SIGINT')
    expect(await exit).toBe(130)
    expect(await readdir(temporary)).toEqual([])
    await waitFor('no process is left', async () => (await leftProcesses()).length === 0)
  }, 180_000)
})
