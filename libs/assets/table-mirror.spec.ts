import { DomainError } from '@kivuko/platform'
import { describe, expect, it } from 'vitest'
import { TableMirror } from './table-mirror.js'

type Change = (id: string | undefined) => void | Promise<void>

/** A table that is read only as fast as a test answers, and a feed whose changes a test tells. */
class SlowTable {
  readonly reads: (readonly string[] | undefined)[] = []
  changed: Change = () => undefined
  private readonly waiting: { resolve(): void; reject(error: Error): void }[] = []

  readonly feed = {
    publish: async () => undefined,
    subscribe: (_topic: string, onChange: Change) => {
      this.changed = onChange
    },
  }

  readonly read = (ids: readonly string[] | undefined) =>
    new Promise<void>((resolve, reject) => {
      this.reads.push(ids)
      this.waiting.push({ resolve, reject })
    })

  async answer(error?: Error): Promise<void> {
    const asked = this.waiting.shift()
    if (error === undefined) asked?.resolve()
    else asked?.reject(error)
    await settled()
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

async function startedMirror(): Promise<{ table: SlowTable; mirror: TableMirror }> {
  const table = new SlowTable()
  const mirror = new TableMirror(table.feed, 'things', table.read)
  const start = mirror.start()
  await settled()
  await table.answer()
  await start
  return { table, mirror }
}

describe('TableMirror', () => {
  it('reads the whole table at the start, then what changes', async () => {
    const { table } = await startedMirror()
    void table.changed('a')
    await settled()
    await table.answer()
    void table.changed(undefined)
    await settled()
    expect(table.reads).toEqual([undefined, ['a'], undefined])
  })

  it('never reads twice at once: an older answer could overwrite a newer one', async () => {
    const { table, mirror } = await startedMirror()
    void mirror.refresh('a')
    await settled()
    void mirror.refresh('a')
    await settled()
    expect(table.reads).toEqual([undefined, ['a']])
    await table.answer()
    expect(table.reads).toEqual([undefined, ['a'], ['a']])
  })

  it('reads together what is asked for while it reads', async () => {
    const { table, mirror } = await startedMirror()
    void mirror.refresh('a')
    await settled()
    for (const id of ['b', 'c', 'b']) void mirror.refresh(id)
    await table.answer()
    expect(table.reads).toEqual([undefined, ['a'], ['b', 'c']])
  })

  it('reads everything once when that is wanted among other things', async () => {
    const { table, mirror } = await startedMirror()
    void mirror.refresh('a')
    await settled()
    void mirror.refresh('b')
    void mirror.refresh()
    void mirror.refresh('c')
    await table.answer()
    expect(table.reads).toEqual([undefined, ['a'], undefined])
  })

  it('resolves only after a read that began after the call', async () => {
    const { table, mirror } = await startedMirror()
    void mirror.refresh('a')
    await settled()
    let fresh = false
    void mirror.refresh('a').then(() => {
      fresh = true
    })
    await table.answer()
    expect(fresh).toBe(false)
    await table.answer()
    expect(fresh).toBe(true)
  })

  it('tells the failure, and reads again when asked again', async () => {
    const { table, mirror } = await startedMirror()
    const failing = mirror.refresh('a')
    await settled()
    await Promise.all([expect(failing).rejects.toThrow('gone'), table.answer(new Error('gone'))])
    const again = mirror.refresh('a')
    await settled()
    await table.answer()
    await expect(again).resolves.toBeUndefined()
  })

  it('counts a commit as read although the ledger did not answer, but not although the database did not', async () => {
    const { table, mirror } = await startedMirror()
    const committed = mirror.refreshCommitted('a')
    await settled()
    await table.answer(new DomainError('unavailable', 'LedgerUnavailable', 'no answer'))
    await expect(committed).resolves.toBeUndefined()

    const unread = mirror.refreshCommitted('a')
    await settled()
    await Promise.all([expect(unread).rejects.toThrow('gone'), table.answer(new Error('gone'))])
  })
})
