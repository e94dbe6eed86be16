import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Leg } from '@kivuko/accounting'
import { z } from 'zod'

export type Connection = { readonly url: string } | { readonly replicas: readonly string[] }

const Report = z.object({
  done: z.boolean(),
  counts: z.object({ accepted: z.number(), refused: z.number(), unknown: z.number() }),
})
export type Counts = z.infer<typeof Report>['counts']

export interface Work {
  readonly connection: Connection
  readonly chains: readonly (readonly Leg[])[]
  readonly inFlight: number
  /** After how many answers the worker tells how far it is. */
  readonly reportEvery: number
}

/** A process that works on a ledger, and can be killed at it. */
export class Worker {
  private constructor(private readonly child: ChildProcess) {}

  static start({ chains, ...work }: Work): Worker {
    const child = fork(fileURLToPath(new URL('./worker.mjs', import.meta.url)), { execArgv: [], stdio: 'inherit' })
    child.send({ ...work, chains: chains.map((legs) => legs.map(asText)) })
    return new Worker(child)
  }

  /** Its counts at the end. */
  async finished(): Promise<Counts> {
    for (;;) {
      const { done, counts } = await this.report()
      if (done) return counts
    }
  }

  /** As soon as it has told something, without a chance to tidy up. */
  async killAtWork(): Promise<void> {
    await this.report()
    const ended = once(this.child, 'exit')
    this.child.kill('SIGKILL')
    await ended
  }

  private async report() {
    const ended = once(this.child, 'exit').then(([code, signal]) => {
      throw new Error(`the worker ended with ${code ?? signal} before it told anything`)
    })
    const [message] = await Promise.race([once(this.child, 'message'), ended])
    return Report.parse(message)
  }
}

function asText(leg: Leg) {
  const { id, debitAccountId, creditAccountId, amount, reference: _, ...rest } = leg
  const text = {
    id: `${id}`,
    debitAccountId: `${debitAccountId}`,
    creditAccountId: `${creditAccountId}`,
    amount: `${amount}`,
  }
  return { ...rest, ...text }
}
