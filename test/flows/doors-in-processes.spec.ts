import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Admin } from '../harness/admin.js'
import { freePorts } from '../harness/listen.js'
import { type NodeProcess, startNodeProcess } from '../harness/node-process.js'
import { ADMIN_SECRET, nodeEnvironment, TENANT_ID } from '../harness/node-settings.js'
import { type FreshDatabase, freshDatabase } from '../harness/postgres.js'
import { timed } from '../harness/tries.js'
import { waitFor } from '../harness/wait-for.js'

// How soon a change made at one process must be seen by every other one.
const SEEN_WITHIN_MS = 1_000
const CONNECTOR_OCTETS = 'application/octet-stream'

let database: FreshDatabase
let folder: string
let processes: NodeProcess[]
let env: Record<string, string>
let admin: Admin
let assetId: string

beforeAll(async () => {
  database = await freshDatabase('doors')
  folder = await mkdtemp(join(tmpdir(), 'kivuko-doors-'))
  env = await nodeEnvironment({
    name: 'doors',
    databaseUrl: database.url,
    dataDir: folder,
    webhookUrl: 'http://127.0.0.1:9',
  })
  processes = await Promise.all(
    ['connector', 'open-payments,admin,worker'].map((roles) => startNodeProcess({ ...env, ROLES: roles })),
  )
  admin = new Admin({ url: `${doorUrl('ADMIN_PORT')}/graphql`, secret: ADMIN_SECRET, tenantId: TENANT_ID })
  assetId = await admin.createAsset('USD', 2)
})
afterAll(async () => {
  await Promise.all(processes.map((process) => process.close()))
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

function doorUrl(port: 'ADMIN_PORT' | 'CONNECTOR_PORT' | 'OPEN_PAYMENTS_PORT'): string {
  return `http://127.0.0.1:${env[port]}`
}

/** Whether the connector's process knows a peer by this token: 401 is for strangers, an empty body is refused later. */
async function isAdmitted(token: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': CONNECTOR_OCTETS }
  const { status } = await fetch(`${doorUrl('CONNECTOR_PORT')}/ilp`, {
    method: 'POST',
    headers,
    body: new Uint8Array(),
  })
  return status !== 401
}

function newPeer(name: string): Promise<string> {
  return admin.createPeer({
    assetId,
    staticIlpAddress: `test.${name}`,
    name,
    endpoint: 'http://127.0.0.1:9',
    outgoingToken: `to-${name}`,
    incomingToken: `token-of-${name}`,
  })
}

async function setTokens(id: string, authTokens: readonly string[]): Promise<void> {
  const http = { incoming: { authTokens }, outgoing: { authToken: 'to-it', endpoint: 'http://127.0.0.1:9' } }
  const mutation = 'mutation ($input: UpdatePeerInput!) { updatePeer(input: $input) { peer { id } } }'
  const shape = z.object({ updatePeer: z.object({ peer: z.object({ id: z.string() }) }) })
  await admin.client.request(mutation, { input: { id, http } }, shape)
}

/** Milliseconds from a change at the admin door until the connector's process shows it. */
async function msUntilSeen(
  what: string,
  change: () => Promise<unknown>,
  isSeen: () => Promise<boolean>,
): Promise<number> {
  await change()
  const changedAt = performance.now()
  await waitFor(what, isSeen, { deadlineMs: 10 * SEEN_WITHIN_MS })
  return performance.now() - changedAt
}

describe('doors in processes of their own', () => {
  it('open what their roles say and nothing else', async () => {
    for (const port of ['ADMIN_PORT', 'CONNECTOR_PORT', 'OPEN_PAYMENTS_PORT'] as const)
      expect((await fetch(`${doorUrl(port)}/healthz`)).status).toBe(200)
    await processes[1]?.close()
    await expect(fetch(`${doorUrl('ADMIN_PORT')}/healthz`)).rejects.toThrow()
    expect((await fetch(`${doorUrl('CONNECTOR_PORT')}/healthz`)).status).toBe(200)
    processes[1] = await startNodeProcess({ ...env, ROLES: 'open-payments,admin,worker' })
  })

  it('say per door that they live and are ready, and per process what they measure', async () => {
    for (const port of ['ADMIN_PORT', 'CONNECTOR_PORT', 'OPEN_PAYMENTS_PORT'] as const) {
      expect(await (await fetch(`${doorUrl(port)}/livez`)).json()).toEqual({ live: true })
      const ready = await fetch(`${doorUrl(port)}/readyz`)
      expect(await ready.json()).toMatchObject({ healthy: true, database: 'up', ledger: 'up', changeFeed: 'up' })
    }
    const [port = 0] = await freePorts(1)
    const worker = await startNodeProcess({ ...env, ROLES: 'worker', MONITORING_PORT: `${port}` })
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200)
    expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toContain('kivuko_rings_missed_total')
    await worker.close()
  })

  it('see a new peer within a second', timed, async () => {
    const name = `new-${randomUUID()}`
    expect(await isAdmitted(`token-of-${name}`)).toBe(false)
    const ms = await msUntilSeen(
      'the new peer',
      () => newPeer(name),
      () => isAdmitted(`token-of-${name}`),
    )
    expect(ms).toBeLessThan(SEEN_WITHIN_MS)
  })

  it('refuse a revoked token within a second, and take the one that replaces it', timed, async () => {
    const name = `changing-${randomUUID()}`
    const id = await newPeer(name)
    await waitFor('the peer', () => isAdmitted(`token-of-${name}`))
    const refused = async () => !(await isAdmitted(`token-of-${name}`))
    const ms = await msUntilSeen('the refusal', () => setTokens(id, [`another-token-of-${name}`]), refused)
    expect(ms).toBeLessThan(SEEN_WITHIN_MS)
    expect(await isAdmitted(`another-token-of-${name}`)).toBe(true)
  })
})
