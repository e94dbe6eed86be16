import { randomBytes } from 'node:crypto'
import { chmod, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'

const noteShape = z.object({ folder: z.string(), password: z.string(), port: z.number().optional() })
export type ClusterNote = z.infer<typeof noteShape>

/** What a node knows of its cluster, kept in DATA_DIR/postgres.json: where it lies, its password, its last port. */
export class Cluster {
  private constructor(
    private readonly dataDir: string,
    private note: ClusterNote,
  ) {}

  /** The cluster noted in DATA_DIR, or a new one in the folder that `chooseFolder` names. */
  static async open(dataDir: string, chooseFolder: () => Promise<string>): Promise<Cluster> {
    const note = await readNote(dataDir)
    if (note) return new Cluster(dataDir, note)
    const folder = await chooseFolder()
    await setAside(resolve(dataDir, folder))
    const cluster = new Cluster(dataDir, { folder, password: randomBytes(24).toString('base64url') })
    await cluster.save()
    return cluster
  }

  get folder(): string {
    return resolve(this.dataDir, this.note.folder)
  }

  get password(): string {
    return this.note.password
  }

  get lastPort(): number | undefined {
    return this.note.port
  }

  async rememberPort(port: number): Promise<void> {
    if (this.note.port === port) return
    this.note = { ...this.note, port }
    await this.save()
  }

  private async save(): Promise<void> {
    const path = notePath(this.dataDir)
    await writeFile(`${path}.draft`, `${JSON.stringify(this.note, null, 2)}\n`, { mode: 0o600, flush: true })
    await rename(`${path}.draft`, path)
  }
}

const notePath = (dataDir: string) => join(dataDir, 'postgres.json')

async function readNote(dataDir: string): Promise<ClusterNote | undefined> {
  const path = notePath(dataDir)
  const text = await readFile(path, 'utf8').catch(undefinedIfMissing)
  if (text === undefined) return undefined
  try {
    await chmod(path, 0o600)
    return noteShape.parse(JSON.parse(text))
  } catch {
    throw new Error(`${path} is damaged. Restore it from a backup: it holds the password of the embedded Postgres.`)
  }
}

/** A cluster without its note is one whose DATA_DIR was emptied: it is kept, out of the way, never deleted. */
async function setAside(folder: string): Promise<void> {
  const found = await stat(folder).catch(undefinedIfMissing)
  if (found) await rename(folder, `${folder}-set-aside-${found.mtime.toISOString().replaceAll(/\D/g, '')}`)
}

function undefinedIfMissing(error: unknown): undefined {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
}
