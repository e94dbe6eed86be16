import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The schema as it is written: one file per subject in `schema/`, beside the sources and the built files alike. */
export function readSchema(): string {
  const folder = dirname(createRequire(import.meta.url).resolve('#schema/base.graphql'))
  return readdirSync(folder)
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n')
}
