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
    /** How many rounds of faults count, the number of the first, and which kinds; see scripts/test-faults.mjs. */
    faults: { readonly rounds: number; readonly from: number; readonly only: string }
  }
}

const PREPARE = fileURLToPath(new URL('../../scripts/prepare.mjs', import.meta.url))

let server: EmbeddedPostgres | undefined
let folder: string | undefined

/** One embedded Postgres per vitest run, in a temporary folder, with a template that has every room's tables. */
export async function setup(project: TestProject): Promise<void> {
  const seed = project.globalConfig.sequence.seed ?? randomInt(1, 2 ** 31)
  project.provide('seed', seed)
  const isLong = project.vitest.vite.config.mode === 'long'
  project.provide('long', isLong)
  if (!('faults' in project.getProvidedContext()))
    project.provide('faults', { rounds: isLong ? 30 : 3, from: 1, only: '' })
  console.log(`seed ${seed} (repeat with: npx vitest run --sequence.seed=${seed})`)
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
