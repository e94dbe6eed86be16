// npm run demo [-- --once]: installs and builds what is missing, then two nodes, two sample banks and a payment.
import { run } from './run.mjs'

await run('scripts/prepare.mjs', [])
// In this process: Ctrl-C must reach the one that cleans up.
await import('../apps/playground/dist/main.js')
