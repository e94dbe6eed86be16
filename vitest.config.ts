import swc from 'unplugin-swc'
import { defineConfig } from 'vitest/config'

// SWC compiles tests and sources: esbuild does not emit the decorator metadata that Nest and TypeORM read.
const plugins = [swc.vite({ module: { type: 'es6' } })]
const resolve = { conditions: ['development', 'node'] }
const ssr = { resolve: { conditions: ['development', 'node'] } }

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
        },
      },
      {
        plugins,
        resolve,
        ssr,
        test: {
          name: 'system',
          include: ['test/contracts/**/*.spec.ts', 'test/flows/**/*.spec.ts', 'test/interop/**/*.spec.ts'],
          globalSetup: ['test/harness/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
    ],
  },
})
