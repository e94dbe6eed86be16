import { ConfigError, DomainError, messageOf, readEnvironment } from '@kivuko/platform'
import { describeNode } from './describe-node.js'
import { Signals } from './signals.js'
import { type RunningNode, start } from './start.js'

// Packets are answered within MAX_HOLD_TIME_MS; who needs longer to close than this on top of it will not close.
const DRAIN_MARGIN_MS = 10_000

/** Runs a node as a process: until a signal asks it to stop, or its own database ends. */
export async function serve(): Promise<void> {
  const signals = new Signals(
    () => process.exit(1),
    () => performance.now(),
  )
  signals.listen()
  const node = await startOrExplain()
  signals.drainWith((cause) => void drain(node, cause, 0))
  console.log(describeNode(node))
  void node.database.failed.then((reason) => {
    node.log.fatal(`The embedded Postgres ended by itself, so does this node:\n${reason}`)
    return drain(node, 'the end of its database', 1)
  })
}

async function startOrExplain(): Promise<RunningNode> {
  try {
    return await start(readEnvironment())
  } catch (error) {
    console.error(explain(error))
    process.exit(1)
  }
}

// Of an error that was foreseen the message says all; of any other the place matters too.
function explain(error: unknown): string {
  const foreseen = error instanceof ConfigError || error instanceof DomainError
  if (foreseen || !(error instanceof Error) || error.name === 'Error') return messageOf(error)
  return error.stack ?? messageOf(error)
}

async function drain(node: RunningNode, cause: string, code: number): Promise<never> {
  const { log, config } = node
  log.info(`Stopping on ${cause}: no new work, what is in flight is answered; a second signal stops at once`)
  const impatience = setTimeout(() => {
    log.error('Stopping takes too long; leaving what is left to the next start')
    process.exit(1)
  }, config.maxHoldTimeMs + DRAIN_MARGIN_MS)
  try {
    await node.close()
    log.info('Stopped')
  } catch (error) {
    log.error({ err: error }, `Stopping failed: ${messageOf(error)}`)
    process.exit(1)
  }
  clearTimeout(impatience)
  process.exit(code)
}
