// npm run bench:ledger and bench:connector: builds what is missing, then runs the benchmark of the given name.
import { run } from './run.mjs'
import { transpileIfNeeded } from './transpile.mjs'

const [name = 'ledger', ...rest] = process.argv.slice(2)

await transpileIfNeeded()
await run(`bench/dist/${name}/main.js`, rest)
