import process from 'node:process'
import { readEnvironment } from '@kivuko/platform'
import { killChildren } from './network/child.js'
import { runPlayground } from './playground.js'
import { Paper } from './print/paper.js'

const ending = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // The second time there is no asking.
    if (ending.signal.aborted) process.exit(130)
    ending.abort()
  })
}
process.on('exit', killChildren)

const environment = readEnvironment()
const coloured = process.stdout.isTTY === true && environment.NO_COLOR === undefined
const paper = new Paper((text) => void process.stdout.write(text), coloured)
process.exitCode = await runPlayground({
  paper,
  environment,
  once: process.argv.includes('--once'),
  signal: ending.signal,
})
