// Whether the packages that package-lock.json names are installed, and their installation.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { env } from 'node:process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

// Written after npm ci. The comparison below is for packages that npm install brought: npm ci leaves out what the lock
// names and no workspace needs any more, and must not run again for that, least of all beside running nodes and tests.
const installedNote = `${root}node_modules/.cache/installed-lock`

/** Installs when a package is missing or has another version than package-lock.json says. */
export async function installIfNeeded() {
  if (isNoted() || isInstalled()) return
  console.log('Installing the packages (npm ci); the first time this downloads them')
  const started = performance.now()
  // Warnings of other people's packages would bury what this says; errors are still shown.
  await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  mkdirSync(dirname(installedNote), { recursive: true })
  writeFileSync(installedNote, lockChecksum())
  console.log(`Installed in ${seconds(performance.now() - started)}`)
}

function isNoted() {
  return existsSync(installedNote) && readFileSync(installedNote, 'utf8') === lockChecksum()
}

function lockChecksum() {
  return createHash('sha256')
    .update(readFileSync(`${root}package-lock.json`))
    .digest('hex')
}

/** npm notes what it installed in node_modules/.package-lock.json. */
function isInstalled() {
  const note = `${root}node_modules/.package-lock.json`
  if (!existsSync(note)) return false
  const wanted = packagesOf(`${root}package-lock.json`)
  const installed = packagesOf(note)
  return Object.entries(wanted).every(([path, { version, optional, devOptional, peer, link }]) => {
    if (!path.startsWith('node_modules/') || link || optional || devOptional || peer) return true
    return installed[path]?.version === version
  })
}

function packagesOf(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages ?? {}
}

async function npm(args) {
  // Under "npm start" the npm that runs is known; otherwise the one on the PATH.
  const [command, ...first] = env.npm_execpath ? [process.execPath, env.npm_execpath] : ['npm']
  const child = spawn(command, [...first, ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  const code = await new Promise((ended, failed) => {
    child.once('error', failed)
    child.once('exit', ended)
  })
  if (code !== 0) throw new Error(`"npm ${args.join(' ')}" failed; what it printed above says why`)
}

export function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`
}
