import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Runs a script of this project with this Node and waits for it; where it fails, this process ends with its code. */
export async function run(script, args) {
  const child = spawn(process.execPath, [script, ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  // Ctrl-C reaches both by the terminal, and the child decides what it means; a signal to this process alone is handed on.
  const handOn = () => child.kill('SIGTERM')
  const wait = () => undefined
  process.on('SIGTERM', handOn)
  process.on('SIGINT', wait)
  const [code, signal] = await new Promise((ended, failed) => {
    child.once('error', failed)
    child.once('exit', (...how) => ended(how))
  })
  process.off('SIGTERM', handOn)
  process.off('SIGINT', wait)
  if (code === 0) return
  if (signal !== null) console.error(`${script} was ended by ${signal}`)
  process.exit(code ?? 1)
}
