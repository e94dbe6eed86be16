import { type ChildProcess, spawn } from 'node:child_process'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

const POLLS = 100
const POLL_MS = 50

/** A `redis-server` of PATH as the queue needs it, which keeps nothing on disk. */
export class BenchRedis {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(port: number): Promise<BenchRedis> {
    const options = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction']
    const child = spawn('redis-server', ['--port', `${port}`, ...options], { stdio: ['ignore', 'ignore', 'inherit'] })
    const missing = new Promise<never>((_, reject) => {
      child.once('error', (error) => reject(new Error(`no redis-server of PATH starts: ${error.message}`)))
    })
    await Promise.race([answers(port), missing])
    return new BenchRedis(`redis://127.0.0.1:${port}`, child)
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const ended = new Promise((resolve) => this.child.once('exit', resolve))
    this.child.kill('SIGTERM')
    await ended
  }
}

async function answers(port: number): Promise<void> {
  for (let poll = 0; poll < POLLS; poll += 1) {
    if (await isOpen(port)) return
    await pause(POLL_MS)
  }
  throw new Error(`the redis-server at port ${port} does not answer`)
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('close', () => socket.destroy())
    socket.once('connect', () => socket.destroy())
  })
}
