import { type Clock, DomainError } from '@kivuko/platform'

/** A mutation as its idempotency key stands for it: the arguments in one canonical text. */
export interface KeyedCall {
  readonly tenantId: string
  readonly key: string
  readonly operation: string
  readonly args: string
}

interface Remembered {
  readonly operation: string
  readonly args: string
  readonly answer: Promise<unknown>
  readonly startedAtMs: number
}

// A day, as Rafiki keeps them. Past the limit the oldest go: what moves money is also kept from happening twice by its own ids.
const LIFE_MS = 86_400_000
const LIMIT = 20_000

/**
 * What each idempotency key was answered, per tenant. A repeat gets the first answer, also while that is still being made;
 * a failure is forgotten, so that the call can be made again.
 */
export class RememberedAnswers {
  private readonly answers = new Map<string, Remembered>()

  constructor(
    private readonly clock: Clock,
    private readonly limit = LIMIT,
  ) {}

  async once(call: KeyedCall, act: () => Promise<unknown>): Promise<unknown> {
    const name = `${call.tenantId} ${call.key}`
    const known = this.answers.get(name)
    if (known !== undefined && this.clock.nowMs() - known.startedAtMs < LIFE_MS) return repeated(known, call)
    this.makeRoom()
    const answer = act()
    this.answers.delete(name)
    this.answers.set(name, { operation: call.operation, args: call.args, answer, startedAtMs: this.clock.nowMs() })
    try {
      return await answer
    } catch (error) {
      if (this.answers.get(name)?.answer === answer) this.answers.delete(name)
      throw error
    }
  }

  private makeRoom(): void {
    if (this.answers.size < this.limit) return
    const [oldest] = this.answers.keys()
    if (oldest !== undefined) this.answers.delete(oldest)
  }
}

function repeated(known: Remembered, call: KeyedCall): Promise<unknown> {
  if (known.operation === call.operation && known.args === call.args) return known.answer
  throw new DomainError(
    'conflict',
    'IdempotencyKeyReused',
    `Incoming arguments are different than the original request for idempotencyKey: ${call.key}; take a new key for a new call`,
  )
}
