import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { messageOf } from '../../errors.js'

const run = promisify(execFile)

/** The user the server runs as. Undefined: the same as this process. */
export type Account = { readonly uid: number; readonly gid: number } | undefined

const NAME = 'postgres'

// Debian, Red Hat and others; then Alpine. Both make a system user that nobody can log in as.
const MAKERS = [
  ['useradd', '--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', NAME],
  ['adduser', '-S', '-D', '-H', NAME],
] as const

/** Postgres refuses to run as root: root gets the user `postgres`, made where there is none. */
export async function serverAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return undefined
  return (await findAccount()) ?? (await makeAccount())
}

async function findAccount(): Promise<Account> {
  try {
    const [uid, gid] = await Promise.all([idOf('-u'), idOf('-g')])
    return { uid, gid }
  } catch {
    return undefined
  }
}

async function idOf(which: '-u' | '-g'): Promise<number> {
  const { stdout } = await run('id', [which, NAME])
  return Number.parseInt(stdout, 10)
}

async function makeAccount(): Promise<Account> {
  const failures: string[] = []
  for (const [command, ...options] of MAKERS) {
    try {
      await run(command, options)
      const made = await findAccount()
      if (made) return made
    } catch (error) {
      failures.push(messageOf(error).trim())
    }
  }
  throw new Error(
    `The embedded Postgres cannot run as root, and the user "${NAME}" could not be made (${failures.join('; ')}). ` +
      `Make it ("useradd --system ${NAME}"), start Kivuko as another user, or set DATABASE_URL.`,
  )
}
