// npm run test:faults -- --rounds 60: whole nodes with traffic, and in each round something fails. `--seed` repeats a run,
// `--from` begins it at a later round, `--only worker` takes the faults with that word in their names.
import { parseArgs } from 'node:util'
import { createVitest } from 'vitest/node'
import { run } from './run.mjs'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '60' },
    seed: { type: 'string' },
    from: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  },
})

function wholeNumber(name) {
  const text = values[name]
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  console.error(`--${name} is a whole number above 0, found "${text}"`)
  process.exit(1)
}

const [rounds, from] = [wholeNumber('rounds'), wholeNumber('from')]
const seed = values.seed === undefined ? undefined : wholeNumber('seed')
await run('scripts/prepare.mjs', [])
const vitest = await createVitest('test', {
  watch: false,
  project: 'system',
  ...(seed !== undefined && { sequence: { seed } }),
})
vitest.provide('faults', { rounds, from, only: values.only })
await vitest.start(['test/faults'])
await vitest.close()
