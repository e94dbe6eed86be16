// TypeScript to JavaScript, file by file, without checking types ("npm run check" does): a second instead of forty.
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { seconds } from './install.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Builds every source that is newer than its output, and removes the outputs of sources that are gone. */
export async function transpileIfNeeded() {
  const started = performance.now()
  const workspaces = [...(await Promise.all(['libs', 'apps'].map(workspacesIn))).flat(), join(root, 'bench')]
  const stale = (await Promise.all(workspaces.map(findStale))).flat()
  if (stale.length === 0) return
  const { transform } = await import('@swc/core')
  const options = JSON.parse(await readFile(join(root, '.swcrc'), 'utf8'))
  await inParallel(stale, (file) => transpile(file, transform, options))
  console.log(`Built ${stale.length} files in ${seconds(performance.now() - started)}`)
}

async function workspacesIn(folder) {
  const names = await readdir(join(root, folder))
  return names.map((name) => join(root, folder, name))
}

async function findStale(workspace) {
  const sources = (await filesIn(workspace, ['dist', 'node_modules'])).filter(isSource)
  const outputs = new Set(sources.map((source) => outputOf(workspace, source)))
  const built = (await filesIn(join(workspace, 'dist'), [])).filter((path) => path.endsWith('.js'))
  await Promise.all(built.filter((path) => !outputs.has(path)).map(removeOutput))
  const pairs = sources.map((source) => ({ source, output: outputOf(workspace, source) }))
  const stale = await Promise.all(pairs.map(async (pair) => ({ ...pair, stale: await isStale(pair) })))
  return stale.filter((pair) => pair.stale)
}

function isSource(path) {
  return path.endsWith('.ts') && !path.endsWith('.d.ts') && !path.endsWith('.spec.ts')
}

function outputOf(workspace, source) {
  return join(workspace, 'dist', relative(workspace, source)).replace(/\.ts$/, '.js')
}

async function filesIn(folder, except) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const found = entries.map((entry) => {
    if (entry.isDirectory()) return except.includes(entry.name) ? [] : filesIn(join(folder, entry.name), [])
    return [join(folder, entry.name)]
  })
  return (await Promise.all(found)).flat()
}

async function isStale({ source, output }) {
  const [from, to] = await Promise.all([stat(source), stat(output).catch(() => undefined)])
  return to === undefined || to.mtimeMs < from.mtimeMs
}

async function removeOutput(path) {
  const twins = [path, `${path}.map`, path.replace(/\.js$/, '.d.ts')]
  await Promise.all(twins.map((twin) => rm(twin, { force: true })))
}

async function transpile({ source, output }, transform, options) {
  const { code, map } = await transform(await readFile(source, 'utf8'), {
    ...options,
    swcrc: false,
    filename: source,
    sourceFileName: relative(dirname(output), source),
    sourceMaps: true,
  })
  await mkdir(dirname(output), { recursive: true })
  await replace(`${output}.map`, map)
  await replace(output, `${code}//# sourceMappingURL=${basename(output)}.map\n`)
}

// Another process may be reading the old file, or building the same one.
async function replace(path, text) {
  const draft = `${path}.${process.pid}`
  await writeFile(draft, text)
  await rename(draft, path)
}

// Enough to keep every core and the disk busy, few enough for the limit of open files.
const PARALLEL_FILES = 32

async function inParallel(items, act) {
  const queue = items.values()
  const workers = Array.from({ length: PARALLEL_FILES }, async () => {
    for (const item of queue) await act(item)
  })
  await Promise.all(workers)
}
