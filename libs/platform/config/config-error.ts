/** One wrong variable: its name, what was found there, and what is expected instead. */
export interface Problem {
  readonly variable: string
  readonly found: string
  readonly expected: string
}

/** Stops a start. Its message lists every wrong variable at once, so that one look is enough to mend them all. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'

  constructor(readonly problems: readonly Problem[]) {
    const count = problems.length === 1 ? 'one setting is wrong' : `${problems.length} settings are wrong`
    const lines = problems.map(({ variable, found, expected }) => `  ${variable}: found ${found}; expected ${expected}`)
    super(`Kivuko cannot start: ${count}.\n${lines.join('\n')}\nEvery setting is described in .env.example.`)
  }
}

// A long value is cut: the message has to stay readable, and the beginning is enough to recognise it.
const SHOWN_CHARACTERS = 80

/** How a wrong value is shown: quoted, without passwords; of a secret only its length. */
export function showFound(given: string | undefined, secret: boolean): string {
  if (given === undefined) return 'nothing'
  if (secret) return `a secret of ${given.length} characters`
  const masked = given.replace(/\/\/[^/@\s]*@/, '//***@')
  return masked.length > SHOWN_CHARACTERS ? `"${masked.slice(0, SHOWN_CHARACTERS)}…"` : `"${masked}"`
}
