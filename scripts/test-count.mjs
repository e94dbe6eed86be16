// What the last `npm test` counted, as one line. Fails when nothing ran.
import { existsSync, readFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'

export const RESULTS = fileURLToPath(new URL('../node_modules/.cache/test-results.json', import.meta.url))

function count() {
  if (!existsSync(RESULTS)) return { passed: 0, failed: 0, skipped: 0 }
  const results = JSON.parse(readFileSync(RESULTS, 'utf8'))
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests,
    skipped: results.numPendingTests + results.numTodoTests,
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const { passed, failed, skipped } = count()
  console.log(`tests: ${passed} passed, ${failed} failed, ${skipped} skipped`)
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0
}
