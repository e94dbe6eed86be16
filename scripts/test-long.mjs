// npm run test:long: the same suites in their long form (more seeds, more crashes), see test/harness/run-form.ts.
import { run } from './run.mjs'

await run('scripts/prepare.mjs', [])
await run('node_modules/vitest/vitest.mjs', ['run', '--mode', 'long', '--project', 'system', ...process.argv.slice(2)])
