import { mkdir, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { messageOf } from '../../errors.js'
import type { Logger } from '../../logging/logger.js'
import { type Account, serverAccount } from './account.js'
import { prepareBinaries } from './binaries.js'
import { Cluster } from './cluster.js'
import { chooseClusterFolder, ownerOf, SYSTEM_FOLDER } from './cluster-folder.js'
import { FolderLock } from './folder-lock.js'
import { initialise, SUPERUSER } from './initialise.js'
import { stopLeftover } from './leftover-server.js'
import { type Launch, ServerProcess } from './server-process.js'

export interface EmbeddedPostgresOptions {
  readonly dataDir: string
  /** Unset: the port of the last time while it is free, else any free one. */
  readonly port?: number
  /** For tests: the cluster is removed when the server stops. */
  readonly temporary?: boolean
  readonly log: Logger
}

/** A Postgres server of this node's own, from npm's binaries, with its cluster under DATA_DIR. */
export class EmbeddedPostgres {
  private stopping: Promise<void> | undefined

  private constructor(
    readonly url: string,
    private readonly cluster: Cluster,
    private readonly server: ServerProcess,
    private readonly lock: FolderLock,
    private readonly temporary: boolean,
  ) {}

  /** Starts the server, making its cluster the first time. Fails when another node runs on the same folder. */
  static async start({ dataDir, port, temporary = false, log }: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
    const folder = resolve(dataDir)
    await mkdir(folder, { recursive: true })
    const lock = await FolderLock.take(folder)
    try {
      const cluster = await Cluster.open(folder, async () => chooseClusterFolder(folder, await serverAccount()))
      const server = await launch(cluster, folder, port, log)
      return new EmbeddedPostgres(addressOf(cluster), cluster, server, lock, temporary)
    } catch (error) {
      await lock.release()
      throw new Error(`The embedded Postgres did not start: ${messageOf(error)}`, { cause: error })
    }
  }

  /** The address of the server that a running node keeps on this folder; undefined when no node does. */
  static async runningAt(dataDir: string): Promise<string | undefined> {
    const folder = resolve(dataDir)
    if (!(await FolderLock.isHeld(folder))) return undefined
    const notYet = () => Promise.reject(new Error(`The node on ${folder} is still making its database; try again.`))
    return addressOf(await Cluster.open(folder, notYet))
  }

  /** Resolves with the server's last words if it ends before it is stopped. */
  get failed(): Promise<string> {
    return new Promise((tell) => {
      void this.server.ended.then((words) => {
        if (this.stopping === undefined) tell(words)
      })
    })
  }

  /** Where the cluster lies. */
  get folder(): string {
    return this.cluster.folder
  }

  async stop(): Promise<void> {
    this.stopping ??= this.stopOnce()
    await this.stopping
  }

  private async stopOnce(): Promise<void> {
    await this.server.stop()
    if (this.temporary) await rm(this.cluster.folder, { recursive: true, force: true })
    await this.lock.release()
  }
}

function addressOf({ password, lastPort }: Cluster): string {
  return `postgresql://${SUPERUSER}:${password}@127.0.0.1:${lastPort}/postgres`
}

async function launch(
  cluster: Cluster,
  dataDir: string,
  port: number | undefined,
  log: Logger,
): Promise<ServerProcess> {
  const account = await accountFor(cluster)
  const binaries = await prepareBinaries(account, account ? SYSTEM_FOLDER : dataDir)
  if (await initialise(binaries, cluster, account)) log.info(`Made a Postgres cluster in ${cluster.folder}`)
  await stopLeftover(cluster.folder, log)
  const logFile = join(dataDir, 'postgres.log')
  return listen({ binaries, account, folder: cluster.folder, logFile }, cluster, port)
}

/** The user an existing cluster belongs to, or the one a new cluster will belong to. */
async function accountFor({ folder }: Cluster): Promise<Account> {
  const exists = await stat(folder).then(
    () => true,
    () => false,
  )
  return exists ? ownerOf(folder) : serverAccount()
}

// Another program may take the port between finding and using it.
const PORT_ATTEMPTS = 5

async function listen(
  launch: Omit<Launch, 'port'>,
  cluster: Cluster,
  wanted: number | undefined,
): Promise<ServerProcess> {
  for (let attempt = 1; ; attempt += 1) {
    const port = wanted ?? (await freePort(attempt === 1 ? cluster.lastPort : undefined))
    try {
      const server = await ServerProcess.start({ ...launch, port })
      await cluster.rememberPort(port)
      return server
    } catch (error) {
      const portTaken = messageOf(error).includes('could not create any TCP/IP sockets')
      if (!portTaken || wanted !== undefined || attempt === PORT_ATTEMPTS) throw error
    }
  }
}

/** The preferred port if it is free, else one the system chooses. */
async function freePort(preferred: number | undefined): Promise<number> {
  const server = createServer()
  try {
    return await new Promise<number>((found, fail) => {
      server.once('error', fail)
      server.listen(preferred ?? 0, '127.0.0.1', () => {
        const address = server.address()
        if (typeof address === 'object' && address !== null) found(address.port)
      })
    })
  } catch (error) {
    if (preferred === undefined) throw error
    return freePort(undefined)
  } finally {
    server.close()
  }
}
