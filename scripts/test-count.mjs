// What the last `npm test` counted, as one line. Fails when nothing ran.
import { existsSync, readFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'

export const RESULTS = fileURLToPath(new URL('../node_modules/.cache/test-results.json', import.meta.url))
const NOTHING = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] }

function lastResults() {
  return existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')) : NOTHING
}

/** Tests that passed only when they were tried again, each with what its first try said: nothing of that is hidden. */
export function sayRepeated() {
  for (const { name, assertionResults } of lastResults().testResults) {
    for (const { status, fullName, failureMessages } of assertionResults) {
      if (status !== 'passed' || failureMessages.length === 0) continue
      console.log(`!!! REPEATED: ${fullName} (${name}), which failed at first:\n${failureMessages.join('\n')}`)
    }
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests, numTodoTests } = lastResults()
  console.log(`tests: ${passed} passed, ${failed} failed, ${numPendingTests + numTodoTests} skipped`)
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0
}
