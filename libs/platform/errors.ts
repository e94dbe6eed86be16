/** Each door has one exhaustive table from these kinds to its own language. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'duplicate'
  | 'limited'
  | 'unavailable'

/**
 * What a caller may be told. `reason` is a PascalCase code to program against ('UnknownPeer'); `message` says what was
 * wrong, with which value, and what to do next.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError'

  constructor(
    readonly kind: ErrorKind,
    readonly reason: string,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** A bug: something that cannot be, was. Never shown to a caller. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError'

  constructor(readonly invariant: string) {
    super(`Invariant broken: ${invariant}`)
  }
}

/** States a named invariant where money moves; a broken one is a bug, not weather. */
export function assert(condition: unknown, invariant: string): asserts condition {
  if (!condition) throw new InvariantError(invariant)
}

/** The message of anything that was thrown, for logs and for wrapping. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}
