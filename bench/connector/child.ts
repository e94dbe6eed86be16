import type { Server } from 'node:net'

/** What the process that measures may ask of the others. */
export type Question = 'url' | 'cpuMs' | 'residentMb' | 'moved' | 'close'

export interface ChildParts {
  readonly url: string
  /** What the ledger says was moved, as one number of packets; throws when its sums do not agree. */
  readonly moved?: () => Promise<string>
  close(): Promise<unknown>
}

/** Answers the parent's questions until it asks to close. */
export function answerParent(parts: ChildParts): void {
  process.on('message', (question) => {
    answerTo(question, parts).then(
      (answer) => process.send?.({ answer }),
      (error: unknown) => process.send?.({ failure: String(error) }),
    )
  })
  // A run that was cut short leaves nobody behind.
  process.on('disconnect', () => process.exit(1))
  process.send?.({ answer: parts.url })
}

async function answerTo(question: unknown, parts: ChildParts): Promise<string> {
  if (question === 'cpuMs') {
    const { user, system } = process.cpuUsage()
    return String((user + system) / 1_000)
  }
  if (question === 'residentMb') return String(process.memoryUsage.rss() / 2 ** 20)
  if (question === 'moved') return (await parts.moved?.()) ?? '0'
  if (question === 'close') {
    await parts.close()
    setImmediate(() => process.exit(0))
    return ''
  }
  throw new Error(`unknown question: ${String(question)}`)
}

export function listening(server: Server): string {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('expected a server on a port')
  return `http://127.0.0.1:${address.port}`
}
