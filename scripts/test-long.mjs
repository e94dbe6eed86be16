// npm run test:long: the same suites in their long form (more seeds, more crashes), see test/harness/run-form.ts.
// `-- test/hostile` takes the suites of that folder; `--part 3/10` does a tenth of each, with seeds of its own; `--seed`,
// which is printed, repeats a run or goes on with its next part.
import { parseArgs } from 'node:util'
import { createVitest } from 'vitest/node'
import { run } from './run.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, part: { type: 'string', default: '1/1' } },
})

function refuse(what) {
  console.error(what)
  process.exit(1)
}

function wholeNumber(text) {
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined
}

const [number, of] = values.part.split('/', 2).map((text) => wholeNumber(text))
if (number === undefined || of === undefined || number > of) {
  refuse(`--part is a number and of how many, such as 3/10, found "${values.part}"`)
}
const seed = values.seed === undefined ? undefined : wholeNumber(values.seed)
if (values.seed !== undefined && seed === undefined) refuse(`--seed is a whole number above 0, found "${values.seed}"`)

await run('scripts/prepare.mjs', [])
const vitest = await createVitest('test', {
  mode: 'long',
  watch: false,
  project: 'system',
  ...(seed !== undefined && { sequence: { seed } }),
})
vitest.provide('part', { number, of })
await vitest.start(positionals)
await vitest.close()
