// npm run env:example: writes .env.example from the schema of the settings.
import { writeFileSync } from 'node:fs'
import { run } from './run.mjs'

await run('scripts/prepare.mjs', [])
const { envExample } = await import('../libs/platform/dist/index.js')
writeFileSync(new URL('../.env.example', import.meta.url), envExample())
