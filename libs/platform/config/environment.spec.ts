import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { readEnvironment } from './environment.js'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kivuko-env-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

it('reads the file of ENV_FILE, below the variables of the process', () => {
  writeFileSync(join(folder, 'my.env'), '# a note\nILP_ADDRESS=test.file\nINSTANCE_NAME="from the file"\n')
  vi.stubEnv('ENV_FILE', join(folder, 'my.env'))
  vi.stubEnv('ILP_ADDRESS', 'test.process')
  expect(readEnvironment()).toMatchObject({ ILP_ADDRESS: 'test.process', INSTANCE_NAME: 'from the file' })
})

it('names a file that cannot be read', () => {
  vi.stubEnv('ENV_FILE', join(folder, 'none.env'))
  expect(() => readEnvironment()).toThrow(/ENV_FILE: found ".*none\.env" \(ENOENT.*; expected a readable file/)
})
