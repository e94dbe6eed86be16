// npm run bench:ledger: builds what is missing, then runs the benchmark of the given name.
import { run } from './run.mjs'

const [name = 'ledger', ...rest] = process.argv.slice(2)

await run('node_modules/typescript/bin/tsc', ['-b', 'bench'])
await run(`bench/dist/${name}/main.js`, rest)
