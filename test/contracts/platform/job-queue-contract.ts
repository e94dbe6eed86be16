import { BullmqQueue, createLogger, Metrics, type QueueConnection } from '@kivuko/platform'
import { type Job, Queue, Worker } from 'bullmq'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { waitFor } from '../../harness/wait-for.js'

export const quietLog = createLogger({ logLevel: 'silent', instanceName: 'test' })
const BELL = 'bell'
const OTHER = 'other'

/** A backend under test: its server can be taken away and brought back. */
export interface QueueSubject {
  readonly connection: QueueConnection
  /** Statements or commands that the server was sent by those who ring, while `act` ran. */
  countCalls(act: () => Promise<void>): Promise<number>
  /** From now on rings fail. */
  lose(): Promise<void>
  /** From now on they work again; with the jobs from before, or without them. */
  bringBack(): Promise<void>
  close(): Promise<void>
}

/** What a queue must do, whatever carries it. */
export function describeJobQueue(backend: string, open: () => Promise<QueueSubject>): void {
  let subject: QueueSubject
  let queue: BullmqQueue
  let metrics: Metrics
  let closers: (() => Promise<unknown>)[]

  beforeEach(async () => {
    subject = await open()
    await subject.connection.open()
    metrics = new Metrics('test')
    queue = new BullmqQueue(subject.connection, quietLog, metrics)
    closers = []
  })
  afterEach(async () => {
    for (const close of closers) await close()
    await queue.close()
    await subject.connection.close()
    await subject.close()
  })

  /** A worker that notes what it was rung for; `act` may hold it. */
  async function answer(act: (id: string) => Promise<void> = async () => undefined): Promise<string[]> {
    const heard: string[] = []
    const process = async (job: Job<{ id: string }>) => {
      heard.push(job.data.id)
      await act(job.data.id)
    }
    const worker = new Worker(BELL, process, { ...subject.connection.forWorkers, drainDelay: 60 })
    worker.on('error', () => undefined)
    closers.push(() => worker.close())
    await worker.waitUntilReady()
    return heard
  }

  /** How many jobs there are, in whatever state. */
  async function jobs(name = BELL): Promise<number> {
    const counting = new Queue(name, { ...subject.connection.forWorkers, skipMetasUpdate: true })
    try {
      const counts = await counting.getJobCounts()
      return Object.values(counts).reduce((sum, count) => sum + count, 0)
    } finally {
      await counting.close()
    }
  }

  describe(`the doorbell on ${backend}`, () => {
    it('wakes a worker with the id, and leaves nothing behind', async () => {
      const heard = await answer()
      await queue.ring(BELL, 'a')
      await waitFor('the worker', async () => heard.length === 1 && (await jobs()) === 0)
      expect(heard).toEqual(['a'])
    })

    it('rung again for what already waits adds nothing', async () => {
      await Promise.all(Array.from({ length: 10 }, () => queue.ring(BELL, 'a')))
      await queue.ring(BELL, 'b')
      expect(await jobs()).toBe(2)
      const heard = await answer()
      await waitFor('both', async () => heard.length >= 2 && (await jobs()) === 0)
      expect(heard.sort()).toEqual(['a', 'b'])
    })

    it('rung while the worker is at it has it look once more', async () => {
      let release = () => {}
      const held = new Promise<void>((resolve) => {
        release = resolve
      })
      const heard = await answer(() => held)
      await queue.ring(BELL, 'a')
      await waitFor('the worker to begin', () => heard.length === 1)
      await queue.ring(BELL, 'a')
      await queue.ring(BELL, 'a')
      release()
      await waitFor('the second look', async () => heard.length === 2 && (await jobs()) === 0)
      expect(heard).toEqual(['a', 'a'])
    })

    it('rings later when asked to, and does not hold back a ring for now', async () => {
      const heard = await answer()
      await queue.ring(BELL, 'a', { delayMs: 4_000 })
      await queue.ring(BELL, 'a')
      await waitFor('the ring for now', () => heard.length === 1)
      await waitFor('only the later ring is left', async () => (await jobs()) === 1, { deadlineMs: 3_900 })
      await waitFor('the later ring', async () => heard.length === 2 && (await jobs()) === 0)
    })

    it('may be rung for later by the worker itself', async () => {
      const heard = await answer(async (id) => {
        if (heard.length === 1) await queue.ring(BELL, id, { delayMs: 100 })
      })
      await queue.ring(BELL, 'a')
      await waitFor('the look it asked for', () => heard.length === 2)
    })

    it('never throws: a ring that fails is counted, and the bell works again once its server is back', async () => {
      await queue.ring(BELL, 'a')
      await subject.lose()
      await queue.ring(BELL, 'b')
      await queue.ring(OTHER, 'c')
      for (const name of [BELL, OTHER])
        expect(await metrics.text()).toContain(`kivuko_rings_missed_total{queue="${name}",node="test"} 1`)
      await subject.bringBack()
      await waitFor('the ring of a queue that was open', async () => {
        await queue.ring(BELL, 'b')
        return (await jobs()) >= 1
      })
      await queue.ring(OTHER, 'c')
      expect(await jobs(OTHER)).toBe(1)
    })

    it('is answered again after its server was away', async () => {
      const heard = await answer()
      await queue.ring(BELL, 'a')
      await waitFor('the worker', () => heard.length === 1)
      await subject.lose()
      await subject.bringBack()
      await waitFor('an answer to a ring of now', async () => {
        await queue.ring(BELL, 'b')
        return heard.includes('b')
      })
    })

    it('costs one call of its server a ring', async () => {
      await queue.ring(BELL, 'warm')
      expect(await subject.countCalls(() => queue.ring(BELL, 'a'))).toBe(1)
    })
  })
}
