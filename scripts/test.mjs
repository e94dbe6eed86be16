// npm test: installs and builds what is missing, then runs every test. Arguments go to vitest.
import { rmSync } from 'node:fs'
import { run } from './run.mjs'
import { RESULTS, sayRepeated } from './test-count.mjs'

rmSync(RESULTS, { force: true })
await run('scripts/prepare.mjs', [])
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${RESULTS}`]
await run('node_modules/vitest/vitest.mjs', ['run', ...reporters, ...process.argv.slice(2)])
sayRepeated()
