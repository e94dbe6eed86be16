// npm run audit [-- --json]: reads the node's ledger and database; ends with 1 when something does not fit, or is to be compared with a peer.
import { run } from './run.mjs'

await run('scripts/prepare.mjs', [])
await run('apps/node/dist/audit-main.js', process.argv.slice(2))
