import ts from 'typescript'
import type { Rule, Violation } from './rule.js'
import { isSpec, isTypeScript, lineOf, type Source, visit } from './source.js'

const RULE_NAME = 'every job name has exactly one processor'

interface Mention {
  readonly job: string
  readonly source: Source
  readonly node: ts.Node
}

/** String constants by the name they are read with: `NAME` for `const NAME = '…'`, `QUEUES.name` for a member of `const QUEUES = {…}`. */
function constantsIn(sources: readonly Source[]): Map<string, string> {
  const constants = new Map<string, string>()
  const remember = (name: string, value: ts.Expression | undefined) => {
    const plain =
      value !== undefined && (ts.isAsExpression(value) || ts.isSatisfiesExpression(value)) ? value.expression : value
    if (plain === undefined) return
    if (ts.isStringLiteral(plain)) constants.set(name, plain.text)
    if (ts.isSatisfiesExpression(plain) || ts.isAsExpression(plain)) remember(name, plain)
    if (!ts.isObjectLiteralExpression(plain)) return
    for (const member of plain.properties) {
      if (ts.isPropertyAssignment(member)) remember(`${name}.${member.name.getText()}`, member.initializer)
    }
  }
  for (const source of sources) {
    visit(source.ast, (node) => {
      if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name)) remember(node.name.text, node.initializer)
      const fixed =
        ts.isPropertyDeclaration(node) &&
        ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword)
      if (fixed && ts.isClassDeclaration(node.parent))
        remember(`${node.parent.name?.text}.${node.name.getText()}`, node.initializer)
    })
  }
  return constants
}

function jobNamed(argument: ts.Expression | undefined, constants: ReadonlyMap<string, string>): string | undefined {
  if (argument === undefined) return undefined
  return ts.isStringLiteral(argument) ? argument.text : constants.get(argument.getText())
}

/** `@Processor(name)` and `new Worker(name, …)`. */
function processorArgument(node: ts.Node): ts.Expression | undefined {
  const isProcessor =
    ts.isCallExpression(node) && ts.isDecorator(node.parent) && node.expression.getText() === 'Processor'
  const isWorker = ts.isNewExpression(node) && node.expression.getText() === 'Worker'
  return isProcessor || isWorker ? node.arguments?.[0] : undefined
}

/** `jobs.ring(name, id)`. */
function ringArgument(node: ts.Node): ts.Expression | undefined {
  const rings =
    ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'ring'
  return rings && node.arguments.length >= 2 ? node.arguments[0] : undefined
}

function mentions(sources: readonly Source[], pick: (node: ts.Node) => ts.Expression | undefined): Mention[] {
  const constants = constantsIn(sources)
  const found: Mention[] = []
  for (const source of sources) {
    visit(source.ast, (node) => {
      const job = jobNamed(pick(node), constants)
      if (job !== undefined) found.push({ job, source, node })
    })
  }
  return found
}

function findViolations(sources: readonly Source[]): Violation[] {
  const code = sources.filter((source) => isTypeScript(source) && source.room !== undefined && !isSpec(source))
  const processors = mentions(code, processorArgument)
  const violations: Violation[] = []
  const report = ({ source, node }: Mention, advice: string) =>
    violations.push({ file: source.path, line: lineOf(source, node), rule: RULE_NAME, advice })
  for (const rung of mentions(code, ringArgument)) {
    if (!processors.some(({ job }) => job === rung.job))
      report(rung, `'${rung.job}' is rung and nobody answers; add its processor to apps/worker`)
  }
  for (const [index, processor] of processors.entries()) {
    const earlier = processors.slice(0, index).find(({ job }) => job === processor.job)
    if (earlier !== undefined)
      report(processor, `'${processor.job}' is already processed in ${earlier.source.path}; keep one`)
  }
  return violations
}

export const jobRules: readonly Rule[] = [
  {
    name: RULE_NAME,
    find: findViolations,
    caught: [
      { why: 'nobody answers', files: { 'libs/webhooks/a.ts': `jobs.ring('webhooks', id)` } },
      {
        why: 'nobody answers to a constant',
        files: {
          'libs/webhooks/a.ts': `export const QUEUE = 'webhooks'`,
          'libs/webhooks/b.ts': 'jobs.ring(QUEUE, id)',
        },
      },
      {
        why: 'two answer',
        files: {
          'apps/worker/a.ts': `@Processor('webhooks')\nexport class A {}`,
          'apps/worker/b.ts': `export const Q = { webhooks: 'webhooks' } as const\n@Processor(Q.webhooks)\nexport class B {}`,
        },
      },
    ],
    allowed: [
      {
        why: 'one rings, one answers',
        files: {
          'libs/webhooks/a.ts': `jobs.ring('webhooks', id)`,
          'apps/worker/a.ts': `@Processor('webhooks')\nexport class A {}`,
        },
      },
    ],
  },
]
