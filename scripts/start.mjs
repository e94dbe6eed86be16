// npm start: installs and builds what is missing, then runs one node in this process.
import { run } from './run.mjs'

await run('scripts/prepare.mjs', [])
process.setSourceMapsEnabled(true)
await import('../apps/node/dist/main.js')
