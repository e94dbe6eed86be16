import type { Clock } from '@kivuko/platform'
import { z } from 'zod'

export const activityShape = z.object({ at: z.string(), what: z.string(), payment: z.string().optional() })
/** Something the bank did: `payment` is the id of the payment it is about. */
export type Activity = z.infer<typeof activityShape>

// Enough for an afternoon with the playground.
const KEPT = 1_000

/** The bank's diary, which the playground reads for its timeline. */
export class Diary {
  readonly entries: Activity[] = []

  constructor(private readonly clock: Clock) {}

  write(what: string, payment?: string): void {
    this.entries.push({ at: this.clock.now().toISOString(), what, ...(payment !== undefined && { payment }) })
    if (this.entries.length > KEPT) this.entries.shift()
  }
}
