import { execFile } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createLogger, EmbeddedPostgres, loadConfig } from '@kivuko/platform'
import type { TestProject } from 'vitest/node'
import { prepareTemplate } from './template.js'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The run's own Postgres; suites take a database of their own with freshDatabase(). */
    postgresUrl: string
    seed: number
    /** True in the long form of the suites: `npm run test:long`. */
    long: boolean
    /** Which part of the long form this is, from 1. */
    part: { readonly number: number; readonly of: number }
    /** How many rounds of faults count, the number of the first, and which kinds; see scripts/test-faults.mjs. */
    faults: { readonly rounds: number; readonly from: number; readonly only: string }
  }
}

// More seeds than a suite takes one after another in one part.
const SEEDS_OF_A_PART = 1_000

const PREPARE = fileURLToPath(new URL('../../scripts/prepare.mjs', import.meta.url))

let server: EmbeddedPostgres | undefined
let folder: string | undefined

/** One embedded Postgres per vitest run, in a temporary folder, with a template that has every room's tables. */
export async function setup(project: TestProject): Promise<void> {
  if (!('part' in project.getProvidedContext())) project.provide('part', { number: 1, of: 1 })
  const { number, of } = project.getProvidedContext().part
  const firstSeed = project.globalConfig.sequence.seed ?? randomInt(1, 1_000_000_000)
  const seed = firstSeed + (number - 1) * SEEDS_OF_A_PART
  project.provide('seed', seed)
  const isLong = project.vitest.vite.config.mode === 'long'
  project.provide('long', isLong)
  if (!('faults' in project.getProvidedContext()))
    project.provide('faults', { rounds: isLong ? 30 : 3, from: 1, only: '' })
  const again = isLong
    ? `npm run test:long -- --seed ${firstSeed} --part ${number}/${of}`
    : `npx vitest run --sequence.seed=${seed}`
  console.log(`seed ${seed} (repeat with: ${again})`)
  // Nodes in processes of their own run the built code: it must not be older than what is tested.
  await promisify(execFile)(process.execPath, [PREPARE])
  folder = await mkdtemp(join(tmpdir(), 'kivuko-test-'))
  const log = createLogger(loadConfig({ LOG_LEVEL: 'warn', DATA_DIR: folder }).config)
  server = await EmbeddedPostgres.start({ dataDir: folder, temporary: true, log })
  project.provide('postgresUrl', server.url)
  await prepareTemplate(server.url).catch(async (error: unknown) => {
    await teardown() // vitest calls it only after a setup that succeeded
    throw error
  })
}

export async function teardown(): Promise<void> {
  await server?.stop()
  if (folder !== undefined) await rm(folder, { recursive: true, force: true })
}
