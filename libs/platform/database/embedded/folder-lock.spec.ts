import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { FolderLock } from './folder-lock.js'
import { identify } from './process-identity.js'

let folder: string
const lockFile = () => join(folder, 'node.lock')

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kivuko-lock-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('keeps a second node out, by the number of the first, until it is released', async () => {
  const lock = await FolderLock.take(folder)
  await expect(FolderLock.take(folder)).rejects.toThrow(
    `Another node (process ${process.pid}) is running on the folder ${folder}. Stop it, or give this node a DATA_DIR of its own.`,
  )
  await lock.release()
  await (await FolderLock.take(folder)).release()
})

it('is taken over from a node that is gone, even if its number was given to another process', async () => {
  await writeFile(lockFile(), JSON.stringify({ pid: process.pid, startedAt: '1' }))
  await FolderLock.take(folder)
  expect(JSON.parse(await readFile(lockFile(), 'utf8'))).toEqual(await identify(process.pid))
})

it('is taken over when it was cut off while being written', async () => {
  await writeFile(lockFile(), '{"pid":')
  await expect(FolderLock.take(folder)).resolves.toBeDefined()
})

it('is given to one of two nodes that find a dead one', async () => {
  await writeFile(lockFile(), JSON.stringify({ pid: 2 ** 22 + 1, startedAt: '1' }))
  const results = await Promise.allSettled([FolderLock.take(folder), FolderLock.take(folder)])
  expect(results.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(1)
})
