const POLL_MS = 20

/**
 * Asks until the answer is neither undefined nor false, and returns it. Instead of sleeping: as fast as the thing under
 * test, and past the deadline it fails with `what` and the last error seen.
 */
export async function waitFor<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  { deadlineMs = 20_000, describe }: { deadlineMs?: number; describe?: () => unknown } = {},
): Promise<T> {
  const endMs = performance.now() + deadlineMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    if (performance.now() >= endMs) {
      const seen = describe === undefined ? '' : `; last seen: ${JSON.stringify(describe(), textual)}`
      throw new Error(`still waiting after ${deadlineMs} ms: ${what}${seen}`)
    }
    await new Promise((resume) => setTimeout(resume, POLL_MS))
  }
}

function textual(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}
