import ts from 'typescript'
import { example, perFile, type Rule } from './rule.js'
import { isSpec, linesIn, type Source, visit } from './source.js'

export const LIMITS = { fileLines: 400, functionLines: 70, publicFaceLines: 50 } as const
/** DESIGN §7: nine of ten stay under these. */
export const BUDGETS = { fileLinesP90: 200, functionLinesP90: 35 } as const

const REGISTERS_TESTS = /^(describe|it|test)(\.|$)/

export interface Proportions {
  readonly count: number
  readonly median: number
  readonly p90: number
  readonly longest: number
}

const fileLength = perFile(
  `a file has at most ${LIMITS.fileLines} lines`,
  () => true,
  (source, report) => {
    const lines = linesIn(source)
    if (lines > LIMITS.fileLines) report(LIMITS.fileLines, `${lines} lines; split it by what its parts do`)
  },
  {
    caught: [example('401 lines', 'libs/rates/a.ts', '//\n'.repeat(401))],
    allowed: [example('400 lines', 'libs/rates/a.ts', '//\n'.repeat(400))],
  },
)

const publicFace = perFile(
  `a room's index.ts has at most ${LIMITS.publicFaceLines} lines`,
  (source) => /^libs\/[^/]+\/index\.ts$/.test(source.path),
  (source, report) => {
    const lines = linesIn(source)
    if (lines > LIMITS.publicFaceLines)
      report(LIMITS.publicFaceLines, `${lines} lines; show less, or join the exports of one file`)
  },
  {
    caught: [example('51 lines', 'libs/rates/index.ts', `export { a } from './a.js'\n`.repeat(51))],
    allowed: [
      example('50 lines', 'libs/rates/index.ts', `export { a } from './a.js'\n`.repeat(50)),
      example('an index further in', 'libs/rates/sources/index.ts', `export { a } from './a.js'\n`.repeat(51)),
    ],
  },
)

/** A list of tests is as long as its tests; each of those is measured by itself. */
function listsTests(body: ts.Node): boolean {
  let found = false
  ts.forEachChild(body, (statement) => {
    const call = ts.isExpressionStatement(statement) ? statement.expression : statement
    if (ts.isCallExpression(call) && REGISTERS_TESTS.test(call.expression.getText())) found = true
    const inLoop = ts.isForOfStatement(statement) && listsTests(statement.statement)
    if (inLoop) found = true
  })
  return found
}

interface Measured {
  readonly node: ts.Node
  readonly name: string
  readonly lines: number
}

export function functionsOf(source: Source): Measured[] {
  const found: Measured[] = []
  visit(source.ast, (node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined || listsTests(node.body)) return
    const first = source.ast.getLineAndCharacterOfPosition(node.getStart(source.ast)).line
    const last = source.ast.getLineAndCharacterOfPosition(node.getEnd()).line
    const name = node.name?.getText() ?? 'a function without name'
    found.push({ node, name, lines: last - first + 1 })
  })
  return found
}

const functionLength = perFile(
  `a function has at most ${LIMITS.functionLines} lines`,
  () => true,
  (source, report) => {
    for (const { node, name, lines } of functionsOf(source)) {
      if (lines > LIMITS.functionLines) report(node, `${name}: ${lines} lines; name its parts and call them`)
    }
  },
  {
    caught: [
      example('a function', 'libs/rates/a.ts', `function f() {\n${'  g()\n'.repeat(69)}}`),
      example('a method', 'libs/rates/a.ts', `class A { m() {\n${'  g()\n'.repeat(69)}} }`),
      example('an arrow', 'libs/rates/a.ts', `const f = async () => {\n${'  g()\n'.repeat(69)}}`),
      example('one test', 'libs/rates/a.spec.ts', `it('x', () => {\n${'  g()\n'.repeat(69)}})`),
    ],
    allowed: [
      example('70 lines', 'libs/rates/a.ts', `function f() {\n${'  g()\n'.repeat(68)}}`),
      example(
        'a list of tests',
        'libs/rates/a.spec.ts',
        `describe('x', () => {\n${`  it('y', () => {})\n`.repeat(69)}})`,
      ),
      example('a type', 'libs/rates/a.ts', `interface A {\n${'  a(): void\n'.repeat(69)}}`),
    ],
  },
)

export function proportions(sizes: readonly number[]): Proportions {
  const sorted = [...sizes].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { count: sorted.length, median: at(0.5), p90: at(0.9), longest: sorted.at(-1) ?? 0 }
}

function isHouseCode(source: Source): boolean {
  return source.room !== undefined && !isSpec(source)
}

export function fileProportions(sources: readonly Source[]): Proportions {
  return proportions(sources.filter(isHouseCode).map(linesIn))
}

export function functionProportions(sources: readonly Source[]): Proportions {
  return proportions(sources.filter(isHouseCode).flatMap((source) => functionsOf(source).map(({ lines }) => lines)))
}

export const sizeRules: readonly Rule[] = [fileLength, publicFace, functionLength]
