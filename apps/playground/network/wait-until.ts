import type { Child } from './child.js'

const POLL_MS = 50

/** Something did not happen; `child` is the process whose log tells why, if one is known. */
export class PlaygroundError extends Error {
  override readonly name = 'PlaygroundError'

  constructor(
    message: string,
    readonly child?: Child,
  ) {
    super(message)
  }
}

export interface Waiting {
  /** Completes the sentence "waited for …". */
  readonly what: string
  readonly deadlineMs: number
  /** When one of these ends, waiting has no sense. The first is the one that is asked. */
  readonly children: readonly Child[]
}

/** Asks again and again until there is an answer, a child ends, or the deadline passes. An error counts as no answer. */
export async function waitUntil<T>(waiting: Waiting, ask: () => Promise<T | undefined>): Promise<T> {
  const { what, deadlineMs, children } = waiting
  const endMs = performance.now() + deadlineMs
  let lastProblem = 'not yet'
  for (;;) {
    const answer = await ask().catch((error: unknown) => {
      lastProblem = error instanceof Error ? error.message : String(error)
      return undefined
    })
    if (answer !== undefined) return answer
    const dead = children.find(({ ended }) => ended !== undefined)
    if (dead) throw new PlaygroundError(`${dead.name} ended (${dead.ended}) while we waited for ${what}`, dead)
    if (performance.now() > endMs) {
      throw new PlaygroundError(`waited ${deadlineMs / 1000} s for ${what} (${lastProblem})`, children[0])
    }
    await new Promise((resume) => setTimeout(resume, POLL_MS))
  }
}
