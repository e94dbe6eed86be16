import ts from 'typescript'
import { example, perFile, type Rule } from './rule.js'
import { commentsOf, importsOf, isTypeScript, type Source, visit } from './source.js'

const CONFIG_FOLDER = 'libs/platform/config'
const CLOCK_FILE = 'libs/platform/clock.ts'
const MONEY_WORDS =
  /^(amounts?|balances?|liquidity|debits?|credits?|fees?|prices?|rates?|ratios?|numerator|denominator|received|delivered|money|slippage)$/i
const TEST_CALLS = new Set(['it', 'test', 'describe', 'bench', 'suite'])

function isProperty(node: ts.Node, object: string, property: string): boolean {
  return ts.isPropertyAccessExpression(node) && node.name.text === property && node.expression.getText() === object
}

const noAny = perFile(
  'no any',
  isTypeScript,
  (source, report) =>
    visit(source.ast, (node) => {
      if (node.kind === ts.SyntaxKind.AnyKeyword)
        report(node, `'any' switches the types off; say 'unknown' and parse it`)
    }),
  {
    caught: [
      example('a parameter', 'libs/rates/a.ts', 'export function f(x: any) { return x }'),
      example('inside a type', 'libs/rates/a.ts', 'export type X = Map<string, any[]>'),
    ],
    allowed: [example('the word elsewhere', 'libs/rates/a.ts', `// any port\nexport const any = 'any'`)],
  },
)

const noCasts = perFile(
  'no casts',
  isTypeScript,
  (source, report) =>
    visit(source.ast, (node) => {
      const cast = ts.isAsExpression(node) || ts.isTypeAssertionExpression(node)
      if (cast && !ts.isConstTypeReference(node.type))
        report(node, `a cast to ${node.type.getText()} hides a mistake; parse, narrow or use satisfies`)
      if (ts.isNonNullExpression(node))
        report(
          node,
          `'!' after ${node.expression.getText()} hides a missing value; test for it and say what is missing`,
        )
    }),
  {
    caught: [
      example('as', 'libs/rates/a.ts', 'export const x = JSON.parse(text) as Rates'),
      example('angle brackets', 'libs/rates/a.ts', 'export const x = <Rates>JSON.parse(text)'),
      example('bang', 'libs/rates/a.ts', 'export const x = list[0]!.name'),
    ],
    allowed: [
      example(
        'as const and satisfies',
        'libs/rates/a.ts',
        'export const x = [1, 2] as const satisfies readonly number[]',
      ),
      example('a renaming import', 'libs/rates/a.ts', `import { a as b } from './b.js'\nexport const c = b`),
      example('an entity property', 'libs/rates/a.entity.ts', 'export class Row { id!: string }'),
    ],
  },
)

const namedExports = perFile(
  'named exports only',
  isTypeScript,
  (source, report) =>
    visit(source.ast, (node) => {
      const byDefault =
        ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)
      const renamed = ts.isExportSpecifier(node) && node.name.text === 'default'
      if (byDefault || renamed || ts.isExportAssignment(node))
        report(node, 'a default export has no name to search for; export it by name')
      if (!ts.isExportDeclaration(node) || node.exportClause !== undefined) return
      report(node, `'export *' hides what is public; list the names`)
    }),
  {
    caught: [
      example('a default function', 'libs/rates/a.ts', 'export default function f() {}'),
      example('a default value', 'libs/rates/a.ts', 'const x = 1\nexport default x'),
      example('renamed to default', 'libs/rates/a.ts', 'const x = 1\nexport { x as default }'),
      example('another room whole', 'libs/quotes/index.ts', `export * from '@kivuko/rates'`),
    ],
    allowed: [example('named', 'libs/quotes/index.ts', `export { price, type Quote } from './price-quote.js'`)],
  },
)

const environmentInConfig = perFile(
  'process.env only in platform/config',
  (source) => isTypeScript(source) && !source.path.startsWith(`${CONFIG_FOLDER}/`),
  (source, report) => {
    const advice = `read settings from the typed config (CONFIG); new variables belong in ${CONFIG_FOLDER}`
    visit(source.ast, (node) => {
      if (isProperty(node, 'process', 'env')) report(node, advice)
    })
    for (const { specifier, names, node } of importsOf(source)) {
      if (/^(node:)?process$/.test(specifier) && names.includes('env')) report(node, advice)
    }
  },
  {
    caught: [
      example('read', 'libs/rates/a.ts', 'export const url = process.env.EXCHANGE_RATES_URL'),
      example('imported', 'apps/node/main.ts', `import { env } from 'node:process'\nexport const x = env.X`),
    ],
    allowed: [example('in its place', 'libs/platform/config/env.ts', 'export const env = process.env')],
  },
)

function readsSystemTime(node: ts.Node): boolean {
  if (isProperty(node, 'Date', 'now')) return true
  const makesDate = (ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'Date'
  return makesDate && (node.arguments ?? []).length === 0
}

const timeFromClock = perFile(
  'the time comes from Clock',
  (source) => isTypeScript(source) && source.path !== CLOCK_FILE,
  (source, report) =>
    visit(source.ast, (node) => {
      if (readsSystemTime(node))
        report(node, `'${node.getText()}' cannot be set by a test; take a Clock (${CLOCK_FILE})`)
    }),
  {
    caught: [
      example('Date.now', 'libs/rates/a.ts', 'export const t = Date.now()'),
      example('Date.now passed on', 'libs/rates/a.ts', 'export const t = f(Date.now)'),
      example('new Date()', 'test/flows/a.spec.ts', 'export const t = new Date()'),
    ],
    allowed: [
      example('a given time', 'libs/rates/a.ts', 'export const t = new Date(expiryMs)'),
      example('the clock itself', CLOCK_FILE, 'export const t = Date.now()'),
    ],
  },
)

function moneyWordIn(argument: ts.Node): string | undefined {
  let found: string | undefined
  visit(argument, (node) => {
    if (!ts.isIdentifier(node)) return
    const words = node.text.split(/(?=[A-Z])|_/)
    if (words.some((word) => MONEY_WORDS.test(word))) found = node.text
  })
  return found
}

function doubleMadeFrom(node: ts.Node): ts.Node | undefined {
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.PlusToken) return node.operand
  if (!ts.isCallExpression(node)) return undefined
  return /^(Number|parseFloat|Number\.parseFloat|parseInt|Number\.parseInt)$/.test(node.expression.getText())
    ? node.arguments[0]
    : undefined
}

const exactMoney = perFile(
  'money is never a double',
  (source) => isTypeScript(source) && (source.room !== undefined || source.path.startsWith('test/harness/')),
  (source, report) =>
    visit(source.ast, (node) => {
      const argument = doubleMadeFrom(node)
      const word = argument === undefined ? undefined : moneyWordIn(argument)
      if (word !== undefined)
        report(node, `'${node.getText()}' rounds ${word} to a double; keep bigint or a Ratio of bigints`)
    }),
  {
    caught: [
      example('Number', 'libs/quotes/a.ts', 'export const x = Number(debitAmount) * 2'),
      example('parseFloat of a part', 'libs/quotes/a.ts', 'export const x = parseFloat(answer.rates.EUR)'),
      example('unary plus', 'libs/quotes/a.ts', 'export const x = +quote.receive_amount'),
    ],
    allowed: [
      example('a header', 'libs/quotes/a.ts', `export const x = Number(headers['content-length'])`),
      example('bigint', 'libs/quotes/a.ts', 'export const x = BigInt(debitAmount)'),
    ],
  },
)

const allTestsRun = perFile(
  'no .only',
  isTypeScript,
  (source, report) =>
    visit(source.ast, (node) => {
      if (!ts.isPropertyAccessExpression(node) || node.name.text !== 'only') return
      const root = node.expression.getText().split('.')[0] ?? ''
      if (TEST_CALLS.has(root))
        report(node, `'${node.getText()}' silences every other test of the file; remove it before committing`)
    }),
  {
    caught: [
      example('it.only', 'libs/rates/a.spec.ts', `it.only('x', () => {})`),
      example('describe.skip.only', 'libs/rates/a.spec.ts', `describe.concurrent.only('x', () => {})`),
    ],
    allowed: [example('a property of that name', 'libs/rates/a.spec.ts', `it('x', () => expect(filter.only).toBe(1))`)],
  },
)

const BARE_TODO = /\b(TODO|FIXME|XXX|HACK)\b(?!\s*\(#\d+\))/

const noBareTodo = perFile(
  'no bare TODO',
  () => true,
  (source: Source, report) => {
    for (const { text, line } of commentsOf(source)) {
      if (BARE_TODO.test(text)) report(line, `'${text.trim()}' belongs to nobody; do it, or name its issue: TODO (#12)`)
    }
  },
  {
    caught: [
      example('TODO', 'libs/rates/a.ts', '// TODO later\nexport const x = 1'),
      example('at the end of a line', 'libs/rates/a.ts', 'export const x = 1 /* FIXME */'),
      example('at the end of a file', 'libs/rates/a.ts', 'export const x = 1\n// TODO\n'),
    ],
    allowed: [
      example('with its issue', 'libs/rates/a.ts', '// TODO (#12): BTP peers\nexport const x = 1'),
      example('in a string', 'libs/rates/a.ts', `export const x = '// TODO'`),
    ],
  },
)

export const languageRules: readonly Rule[] = [
  noAny,
  noCasts,
  namedExports,
  environmentInConfig,
  timeFromClock,
  exactMoney,
  allTestsRun,
  noBareTodo,
]
