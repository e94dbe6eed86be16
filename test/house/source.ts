import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import ts from 'typescript'

/** One parsed file. `path` is relative to the project's root with forward slashes; `room` is `platform`, `app-admin`, or undefined outside libs/ and apps/. */
export interface Source {
  readonly path: string
  readonly text: string
  readonly ast: ts.SourceFile
  readonly room: string | undefined
}

export interface Import {
  readonly specifier: string
  readonly names: readonly string[]
  readonly node: ts.Node
}

const ROOTS = ['libs', 'apps', 'test', 'bench', 'scripts']
const NOT_OURS = new Set(['node_modules', 'dist', 'data', 'coverage'])

export function parseSource(path: string, text: string): Source {
  const kind = path.endsWith('.mjs') ? ts.ScriptKind.JS : ts.ScriptKind.TS
  const [top, folder] = path.split('/')
  const room = top === 'libs' ? folder : top === 'apps' ? `app-${folder}` : undefined
  return { path, text, room, ast: ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true, kind) }
}

export function readProject(root: string): Source[] {
  const paths = ROOTS.flatMap((folder) => filesUnder(join(root, folder)))
  return paths
    .map((path) => relative(root, path).split(sep).join('/'))
    .filter((path) => /\.(ts|mjs)$/.test(path) && !path.endsWith('.d.ts'))
    .sort()
    .map((path) => parseSource(path, readFileSync(join(root, path), 'utf8')))
}

function filesUnder(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !NOT_OURS.has(entry.name))
    .flatMap((entry) => (entry.isDirectory() ? filesUnder(join(folder, entry.name)) : [join(folder, entry.name)]))
}

export function isSpec(source: Source): boolean {
  return source.path.endsWith('.spec.ts')
}

export function isTypeScript(source: Source): boolean {
  return source.path.endsWith('.ts')
}

export function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node)
  ts.forEachChild(node, (child) => visit(child, see))
}

export function lineOf(source: Source, node: ts.Node): number {
  return source.ast.getLineAndCharacterOfPosition(node.getStart(source.ast)).line + 1
}

export function linesIn(source: Source): number {
  return source.text.replace(/\n$/, '').split('\n').length
}

/** Every way a module is named: import, export … from, import(), import type and `import('x').Y`. */
export function importsOf(source: Source): Import[] {
  const found: Import[] = []
  visit(source.ast, (node) => {
    const specifier = specifierOf(node)
    if (specifier !== undefined) found.push({ specifier, names: importedNames(node), node })
  })
  return found
}

function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return textOf(node.moduleSpecifier)
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return textOf(node.argument.literal)
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return textOf(node.arguments[0])
  return undefined
}

function textOf(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteral(node) ? node.text : undefined
}

function importedNames(node: ts.Node): string[] {
  if (!ts.isImportDeclaration(node)) return ['*']
  const bindings = node.importClause?.namedBindings
  const named = bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements : []
  const whole = bindings !== undefined && ts.isNamespaceImport(bindings) ? ['*'] : []
  const byDefault = node.importClause?.name !== undefined ? ['default'] : []
  return [...byDefault, ...whole, ...named.map((element) => (element.propertyName ?? element.name).text)]
}

/** The text of every comment with its line; strings and regular expressions that look like comments are not taken for one. */
export function commentsOf(source: Source): { text: string; line: number }[] {
  const seen = new Map<number, { text: string; line: number }>()
  const keep = (ranges: readonly ts.CommentRange[] | undefined) => {
    for (const range of ranges ?? []) {
      const line = source.ast.getLineAndCharacterOfPosition(range.pos).line + 1
      seen.set(range.pos, { text: source.text.slice(range.pos, range.end), line })
    }
  }
  const look = (node: ts.Node) => {
    if (node.getChildCount(source.ast) > 0) {
      node.getChildren(source.ast).forEach(look)
      return
    }
    keep(ts.getLeadingCommentRanges(source.text, node.getFullStart()))
    keep(ts.getTrailingCommentRanges(source.text, node.getEnd()))
  }
  look(source.ast)
  return [...seen.values()]
}
