import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { messageOf, SystemClock } from '@kivuko/platform'
import { type Child, stopChildren } from './network/child.js'
import { stopLeftoverDatabases } from './network/leftover-databases.js'
import { Network } from './network/network.js'
import type { Environment } from './network/settings.js'
import { PlaygroundError } from './network/wait-until.js'
import type { Paper } from './print/paper.js'
import { printInvitation } from './story/print-invitation.js'
import { tellStory } from './story/tell-story.js'

export interface PlaygroundOptions {
  readonly paper: Paper
  readonly environment: Environment
  /** Ends after the payment instead of staying up. */
  readonly once: boolean
  /** Aborted when the playground is asked to end. */
  readonly signal: AbortSignal
}

interface Progress {
  told: boolean
}

const LOG_LINES = 25
// What a shell says of a program that Ctrl-C ended.
const INTERRUPTED = 130
const ENDED_POLL_MS = 500

/** Runs the playground from start to clean-up; answers the exit code. */
export async function runPlayground(options: PlaygroundOptions): Promise<number> {
  const { paper, signal } = options
  const folder = await mkdtemp(join(tmpdir(), 'kivuko-playground-'))
  // The nodes' databases may run as another user, who has to pass through.
  await chmod(folder, 0o711)
  const progress = { told: false }
  try {
    return await Promise.race([play(options, folder, progress), aborted(signal, progress)])
  } catch (error) {
    printFailure(paper, error)
    return 1
  } finally {
    paper.line()
    paper.line(paper.styled('Closing the nodes and the banks …', 'dim'))
    await stopChildren()
    await stopLeftoverDatabases(folder)
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  }
}

async function play(
  { paper, environment, once, signal }: PlaygroundOptions,
  folder: string,
  progress: Progress,
): Promise<number> {
  paper.heading('Starting two nodes and two sample banks, each a process of its own')
  const onReady = (name: string, url: string, milliseconds: number) => paper.done(name.padEnd(12), url, milliseconds)
  const network = await Network.start({ folder, environment, signal, onReady })
  const holds = await tellStory(paper, network, new SystemClock())
  if (once) return holds ? 0 : 1
  progress.told = holds
  await printInvitation(paper, network, folder)
  const ended = await untilOneEnds(network.children)
  throw new PlaygroundError(`${ended.name} ended by itself (${ended.ended})`, ended)
}

/** Ctrl-C is how a playground that stays up is left: no failure, unless the payment was not told to its end. */
function aborted(signal: AbortSignal, progress: Progress): Promise<number> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(progress.told ? 0 : INTERRUPTED), { once: true })
  })
}

async function untilOneEnds(children: readonly Child[]): Promise<Child> {
  for (;;) {
    const ended = children.find((child) => child.ended !== undefined)
    if (ended) return ended
    await new Promise((resume) => setTimeout(resume, ENDED_POLL_MS))
  }
}

function printFailure(paper: Paper, error: unknown): void {
  paper.line()
  paper.line(`  ${paper.styled('✗', 'red')} ${messageOf(error)}`)
  if (!(error instanceof PlaygroundError) || error.child === undefined) return
  paper.heading(`The last lines of ${error.child.name}`)
  for (const line of error.child.tail(LOG_LINES)) paper.line(`  ${line}`)
}
