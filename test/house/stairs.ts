import { posix } from 'node:path'
import { example, perFile, type Rule, type Violation } from './rule.js'
import { type Import, importsOf, isSpec, isTypeScript, lineOf, type Source } from './source.js'

/** The floors of the house: a room imports only rooms on lower floors. A new room gets its floor here first. */
export const FLOORS: Readonly<Record<string, number>> = {
  platform: 0,
  ilp: 0,
  tenants: 1,
  accounting: 1,
  routing: 1,
  assets: 2,
  rates: 2,
  webhooks: 2,
  grants: 2,
  peering: 3,
  'wallet-addresses': 3,
  connector: 4,
  'incoming-payments': 5,
  'payment-methods': 6,
  quotes: 7,
  'outgoing-payments': 8,
  reports: 9,
  rooms: 10,
}

/** Two doors may open other doors: the node that hosts them all, and the playground that shows them. */
const MAY_IMPORT_APPS = new Set(['app-node', 'app-playground'])
const WITHOUT_NEST = new Set(['ilp', 'routing'])
const PUBLIC_NAME = /^@kivuko\/([^/]+)(\/.+)?$/

function inHouse(source: Source): boolean {
  return isTypeScript(source) && source.room !== undefined
}

function roomNamed(specifier: string): string | undefined {
  return PUBLIC_NAME.exec(specifier)?.[1]
}

function stairsAdvice(from: string, to: string): string | undefined {
  if (to.startsWith('app-')) {
    return MAY_IMPORT_APPS.has(from)
      ? undefined
      : `${from} imports the door ${to}; nothing imports an app: move what both need into a room`
  }
  const target = FLOORS[to]
  if (target === undefined)
    return `@kivuko/${to} has no floor; give it one in test/house/stairs.ts, below all that import it`
  if (from.startsWith('app-')) return undefined
  const own = FLOORS[from]
  if (own === undefined) return `the room ${from} has no floor; give it one in test/house/stairs.ts`
  if (target < own) return undefined
  return `${from} [${own}] imports ${to} [${target}], which is not below it; move the code down, or let ${to} call through a port`
}

const stairs = perFile(
  'imports go down the stairs',
  inHouse,
  (source, report) => {
    for (const { specifier, node } of importsOf(source)) {
      const target = roomNamed(specifier)
      if (target === undefined || source.room === undefined || target === source.room) continue
      const advice = stairsAdvice(source.room, target)
      if (advice !== undefined) report(node, advice)
    }
  },
  {
    caught: [
      example('up the stairs', 'libs/assets/a.ts', `import { Peer } from '@kivuko/peering'`),
      example('same floor', 'libs/assets/a.ts', `import type { Rates } from '@kivuko/rates'`),
      example('a type in passing', 'libs/ilp/a.ts', `export type X = import('@kivuko/quotes').Quote`),
      example('a lazy import', 'libs/ilp/a.ts', `export const later = () => import('@kivuko/quotes')`),
      example('a room without floor', 'libs/assets/a.ts', `export { x } from '@kivuko/attic'`),
      example('a room into a door', 'libs/reports/a.ts', `import { start } from '@kivuko/app-admin'`),
      example('a door into a door', 'apps/admin/a.ts', `import { start } from '@kivuko/app-worker'`),
    ],
    allowed: [
      example('down the stairs', 'libs/quotes/a.ts', `import { Rates } from '@kivuko/rates'`),
      example('the node hosts the doors', 'apps/node/a.ts', `import { start } from '@kivuko/app-admin'`),
    ],
  },
)

function deepAdvice(source: Source, { specifier }: Import): string | undefined {
  const inside = PUBLIC_NAME.exec(specifier)?.[2]
  if (inside !== undefined) return `'${specifier}' reaches into a room; import from its public face, the index.ts`
  if (source.room !== undefined && specifier === `@kivuko/${source.room}`) {
    return `a room does not import itself by its public name; import the file, './….js'`
  }
  if (!specifier.startsWith('.')) return undefined
  const target = posix.join(posix.dirname(source.path), specifier)
  const home = source.room === undefined ? undefined : source.path.split('/').slice(0, 2).join('/')
  const leavesHome = home !== undefined && !target.startsWith(`${home}/`)
  const entersRoom = home === undefined && /^(libs|apps)\//.test(target)
  return leavesHome || entersRoom ? `'${specifier}' reaches across rooms; import '@kivuko/<room>'` : undefined
}

const deepImports = perFile(
  'no deep imports',
  isTypeScript,
  (source, report) => {
    for (const found of importsOf(source)) {
      const advice = deepAdvice(source, found)
      if (advice !== undefined) report(found.node, advice)
    }
  },
  {
    caught: [
      example('into a room by name', 'libs/quotes/a.ts', `import { x } from '@kivuko/rates/convert.js'`),
      example('into a room by path', 'libs/quotes/a.ts', `import { x } from '../rates/convert.js'`),
      example('from a test by path', 'test/flows/a.spec.ts', `import { x } from '../../libs/rates/convert.js'`),
      example('itself by its public name', 'libs/rates/a.ts', `import { x } from '@kivuko/rates'`),
    ],
    allowed: [
      example('the public face', 'test/flows/a.spec.ts', `import { x } from '@kivuko/rates'`),
      example('a neighbour file', 'libs/connector/steps/a.ts', `import { x } from '../pipeline.js'`),
    ],
  },
)

function nestAdvice(source: Source, { specifier, names }: Import): string | undefined {
  if (source.room !== undefined && WITHOUT_NEST.has(source.room))
    return `${source.room} is plain and knows no Nest; wire it in the room that uses it`
  if (source.path.endsWith('.module.ts')) return undefined
  if (!source.path.endsWith('.service.ts'))
    return `'${specifier}' belongs in *.module.ts, *.service.ts or apps/; keep this file plain`
  const others = names.filter((name) => name !== 'Injectable')
  return others.length === 0
    ? undefined
    : `a service takes only Injectable from Nest, not ${others.join(', ')}; wire in the module`
}

const nestInItsPlace = perFile(
  '@nestjs only where things are wired',
  (source) => isTypeScript(source) && source.path.startsWith('libs/') && !isSpec(source),
  (source, report) => {
    for (const found of importsOf(source)) {
      if (!found.specifier.startsWith('@nestjs/')) continue
      const advice = nestAdvice(source, found)
      if (advice !== undefined) report(found.node, advice)
    }
  },
  {
    caught: [
      example('a plain file', 'libs/rates/convert.ts', `import { Injectable } from '@nestjs/common'`),
      example(
        'a service that wires',
        'libs/rates/rates.service.ts',
        `import { Inject, Injectable } from '@nestjs/common'`,
      ),
      example('a plain room', 'libs/ilp/ilp.module.ts', `import { Module } from '@nestjs/common'`),
    ],
    allowed: [
      example('a module', 'libs/rates/rates.module.ts', `import { Module } from '@nestjs/common'`),
      example('an injectable service', 'libs/rates/rates.service.ts', `import { Injectable } from '@nestjs/common'`),
    ],
  },
)

function mutualImports(sources: readonly Source[]): Violation[] {
  const first = new Map<string, { source: Source; node: Import['node'] }>()
  for (const source of sources.filter(inHouse)) {
    for (const { specifier, node } of importsOf(source)) {
      const target = roomNamed(specifier)
      const key = `${source.room} ${target}`
      if (target !== undefined && target !== source.room && !first.has(key)) first.set(key, { source, node })
    }
  }
  const violations: Violation[] = []
  for (const [key, { source, node }] of first) {
    const [from, to] = key.split(' ')
    if (!first.has(`${to} ${from}`)) continue
    const advice = `${from} and ${to} import each other; let the lower one offer a port that the upper one implements`
    violations.push({ file: source.path, line: lineOf(source, node), rule: 'no two rooms import each other', advice })
  }
  return violations
}

const noMutualImports: Rule = {
  name: 'no two rooms import each other',
  find: mutualImports,
  caught: [
    {
      why: 'a pair',
      files: {
        'libs/attic/a.ts': `import { x } from '@kivuko/cellar'`,
        'libs/cellar/b.ts': `import type { y } from '@kivuko/attic'`,
      },
    },
  ],
  allowed: [
    {
      why: 'one way',
      files: {
        'libs/attic/a.ts': `import { x } from '@kivuko/cellar'`,
        'libs/cellar/b.ts': `import { z } from '@kivuko/ground'`,
      },
    },
  ],
}

export const stairRules: readonly Rule[] = [stairs, deepImports, nestInItsPlace, noMutualImports]
