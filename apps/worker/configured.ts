import type { Ring } from '@kivuko/platform'
import { Processor } from '@nestjs/bullmq'
import type { Provider, Type } from '@nestjs/common'
import type { Job } from 'bullmq'
import type { RingWorkerOptions } from './worker-options.js'

type Answering = Type<{ process(job: Job<Ring>): Promise<void> }>

/** The processor of a queue under options that are known only at the start: its own decorator knows no configuration. */
export function configured(processor: Answering, queue: string, options: RingWorkerOptions): Provider {
  // A class of this start's own, so that another node in this process keeps what it was given.
  const own = class extends processor {}
  Processor(queue, options)(own)
  return { provide: processor, useClass: own }
}
