import { messageOf } from '@kivuko/platform'
import type { Worker } from 'bullmq'

type Starting = Pick<Worker, 'name' | 'waitUntilReady'>

/**
 * Waits for every worker's connections. BullMQ keeps the failure of a connection that was lost while it was being made:
 * such a worker would stay deaf after its server is back. The start fails instead, to be tried again.
 */
export async function untilReady(workers: readonly Starting[]): Promise<void> {
  for (const worker of workers) {
    try {
      await worker.waitUntilReady()
    } catch (error) {
      throw new Error(`The server of queue ${worker.name} was lost while its worker started: ${messageOf(error)}`)
    }
  }
}
