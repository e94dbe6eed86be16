import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger, EmbeddedPostgres } from '@kivuko/platform'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

const log = createLogger({ logLevel: 'silent', instanceName: 'test' })
let home: string
let started: EmbeddedPostgres[]

// One cluster for all of these tests: making it takes most of their time.
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'kivuko-embedded-'))
})
afterAll(async () => {
  // Run as root, the cluster lies outside this folder, which only root may enter.
  const cleared = await EmbeddedPostgres.start({ dataDir: home, temporary: true, log })
  await cleared.stop()
  await rm(home, { recursive: true, force: true })
})
beforeEach(() => {
  started = []
})
afterEach(async () => {
  for (const server of started) await server.stop()
})

async function start(): Promise<EmbeddedPostgres> {
  const server = await EmbeddedPostgres.start({ dataDir: home, log })
  started.push(server)
  return server
}

async function ask(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(text)).rows
  } finally {
    await client.end()
  }
}

const serverPid = async (folder: string): Promise<number> => {
  const [line = ''] = (await readFile(join(folder, 'postmaster.pid'), 'utf8')).split('\n')
  return Number.parseInt(line, 10)
}

describe('the embedded Postgres', () => {
  it('keeps its data and its address over a restart, and writes through to the disk', async () => {
    const first = await start()
    await ask(first.url, 'create table kept as select 42 as n')
    await first.stop()
    const second = await start()
    expect(second.url).toBe(first.url)
    expect(await ask(second.url, 'select n from kept')).toEqual([{ n: 42 }])
    expect(await ask(second.url, 'show fsync')).toEqual([{ fsync: 'on' }])
    expect(await ask(second.url, 'show synchronous_commit')).toEqual([{ synchronous_commit: 'on' }])
  })

  it('refuses a second node on the same folder', async () => {
    await start()
    await expect(start()).rejects.toThrow(/Another node \(process \d+\) is running on the folder/)
  })

  it('lets nobody in without its password', async () => {
    const { url } = await start()
    const wrong = new URL(url)
    wrong.password = 'guess'
    await expect(ask(wrong.href, 'select 1')).rejects.toThrow('password authentication failed')
  })

  it('stops a server that outlived its node, and goes on with what it had committed', async () => {
    const lost = await start()
    await ask(lost.url, 'create table t as select 42 as n')
    const pid = await serverPid(lost.folder)
    // What a node leaves behind after kill -9: its lock, and its server running on.
    await rm(join(home, 'node.lock'))
    const next = await start()
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
    expect(await ask(next.url, 'select n from t')).toEqual([{ n: 42 }])
  })

  it('says so when its server ends by itself', async () => {
    const server = await start()
    process.kill(await serverPid(server.folder), 'SIGKILL')
    await expect(server.failed).resolves.toContain('ready to accept connections')
  })

  it('runs twice at once on folders of their own, and removes a temporary cluster', async () => {
    const [one, other] = [await start(), await mkdtemp(join(tmpdir(), 'kivuko-embedded-'))]
    const second = await EmbeddedPostgres.start({ dataDir: other, temporary: true, log })
    expect(second.url).not.toBe(one.url)
    await second.stop()
    await expect(stat(second.folder)).rejects.toThrow('ENOENT')
    await rm(other, { recursive: true, force: true })
  })
})
