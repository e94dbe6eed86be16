import swc from 'unplugin-swc'
import { defineConfig } from 'vitest/config'

// SWC compiles tests and sources: esbuild does not emit the decorator metadata that Nest and TypeORM read.
const plugins = [swc.vite({ module: { type: 'es6' } })]
// Node itself takes this entry of graphql, and so do the packages that use it: two copies do not know each other's types.
const alias = [{ find: /^graphql$/, replacement: 'graphql/index.js' }]
const resolve = { conditions: ['development', 'node'], alias }
const ssr = { resolve: { conditions: ['development', 'node'] } }

// Each suite makes what it needs and closes it: loading TypeORM and Nest once for all files is five times as fast.
const isolate = false

export default defineConfig({
  test: {
    projects: [
      {
        plugins,
        resolve,
        ssr,
        test: {
          name: 'unit',
          include: ['libs/**/*.spec.ts', 'apps/**/*.spec.ts', 'test/house.spec.ts'],
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
          isolate,
        },
      },
      {
        plugins,
        resolve,
        ssr,
        test: {
          name: 'system',
          include: [
            'test/contracts/**/*.spec.ts',
            'test/flows/**/*.spec.ts',
            'test/faults/**/*.spec.ts',
            'test/hostile/**/*.spec.ts',
            'test/interop/**/*.spec.ts',
            'test/simulation/**/*.spec.ts',
            'test/walk/**/*.spec.ts',
          ],
          globalSetup: ['test/harness/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
          isolate,
          // Whole nodes on a busy machine: a test that fails is tried once more, and told aloud (scripts/test.mjs).
          retry: 1,
          // Whole payments mostly wait: for packets to expire, for rows to fall due.
          maxWorkers: 3,
        },
      },
    ],
  },
})
