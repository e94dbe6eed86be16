import ts from 'typescript'
import { example, perFile, type Rule } from './rule.js'
import { isTypeScript, visit } from './source.js'

const EMPTY_WORDS = new Set([
  'util',
  'utils',
  'helper',
  'helpers',
  'common',
  'shared',
  'misc',
  'manager',
  'handler',
  'data',
  'info',
])
/** Words of the RFCs, of DESIGN §2 and of TypeORM, where they name something and do not fill. */
const TERMS = new Set(['Handler', 'sharedSecret'])
const BORROWED = /data-?source/gi
const FILE_NAME = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.(ts|mjs)$/
const INTERFACE_PREFIX = /^I[A-Z][a-z]/
const IMPL_SUFFIX = /Impl$/

function words(name: string): string[] {
  return name.split(/(?<=[a-z0-9])(?=[A-Z])|[-_.]/).map((word) => word.toLowerCase())
}

function emptyWordIn(name: string): string | undefined {
  return TERMS.has(name) ? undefined : words(name.replace(BORROWED, '')).find((word) => EMPTY_WORDS.has(word))
}

const fileNames = perFile(
  'files are named for what they do',
  () => true,
  (source, report) => {
    const parts = source.path.split('/')
    const file = parts.at(-1) ?? ''
    if (!FILE_NAME.test(file)) report(1, `'${file}' is not in kebab-case; rename it like price-quote.ts`)
    for (const part of parts) {
      const word = emptyWordIn(part)
      if (word !== undefined) report(1, `'${word}' in '${part}' says nothing; name it for what it does`)
    }
  },
  {
    caught: [
      example('a drawer', 'libs/rates/utils.ts', ''),
      example('a drawer among words', 'libs/rates/test-helpers.ts', ''),
      example('a folder', 'libs/common/x.ts', ''),
      example('camel case', 'libs/rates/priceQuote.ts', ''),
    ],
    allowed: [
      example('kebab-case with a role', 'libs/rates/price-quote.spec.ts', ''),
      example('a decision', 'apps/wallet-addresses/wallet-addresses.module.ts', ''),
    ],
  },
)

/** Names that a reader meets elsewhere: types everywhere; functions and values at the top of a file. */
function declaredName(node: ts.Node): ts.Identifier | undefined {
  const isType =
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isEnumDeclaration(node)
  if (isType || ts.isFunctionDeclaration(node)) return node.name
  if (!ts.isVariableDeclaration(node) || !ts.isIdentifier(node.name)) return undefined
  const atTop = node.parent.parent.parent.kind === ts.SyntaxKind.SourceFile
  return atTop ? node.name : undefined
}

/** Locals and parameters: only the bare word is refused; `data` is a field of the packet. */
function localName(node: ts.Node): ts.Identifier | undefined {
  const isLocal = (ts.isVariableDeclaration(node) || ts.isParameter(node)) && ts.isIdentifier(node.name)
  return isLocal && ts.isIdentifier(node.name) && node.name.text !== 'data' ? node.name : undefined
}

const declaredNames = perFile(
  'names say what a thing is',
  isTypeScript,
  (source, report) =>
    visit(source.ast, (node) => {
      const declared = declaredName(node)
      const local = localName(node)
      const word =
        declared !== undefined
          ? emptyWordIn(declared.text)
          : local !== undefined && EMPTY_WORDS.has(local.text)
            ? local.text
            : undefined
      const name = declared ?? local
      if (name === undefined) return
      if (word !== undefined) report(name, `'${word}' in ${name.text} says nothing; use the domain's word`)
      if (declared === undefined) return
      if (INTERFACE_PREFIX.test(name.text)) report(name, `${name.text}: no I prefix; name the thing`)
      if (IMPL_SUFFIX.test(name.text))
        report(name, `${name.text}: no Impl suffix; say what makes it different, as in PostgresLedger`)
    }),
  {
    caught: [
      example('a manager', 'libs/rates/a.ts', 'export class RatesManager {}'),
      example('a type of data', 'libs/rates/a.ts', 'export interface PaymentData { id: string }'),
      example('a top value', 'libs/rates/a.ts', 'export const rateUtils = {}'),
      example('a parameter', 'libs/rates/a.ts', 'export function f(info: string) { return info }'),
      example('I prefix', 'libs/rates/a.ts', 'export interface IRates { x: string }'),
      example('Impl suffix', 'libs/rates/a.ts', 'export class RatesImpl {}'),
    ],
    allowed: [
      example(
        'a field of the packet',
        'libs/ilp/a.ts',
        'export interface Prepare { data: Uint8Array }\nexport function f(data: Uint8Array) { return data }',
      ),
      example(
        'a word that begins with I',
        'libs/ilp/a.ts',
        'export class IncomingPayment {}\nexport interface IldcpResponse { x: 1 }',
      ),
      example('the database of TypeORM', 'libs/platform/a.ts', 'export function createDataSource() {}'),
      example('the pipeline', 'libs/connector/a.ts', 'export type Handler = () => void'),
    ],
  },
)

export const nameRules: readonly Rule[] = [fileNames, declaredNames]
