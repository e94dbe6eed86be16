import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { connect } from 'node:net'
import { freePorts } from './listen.js'
import { waitFor } from './wait-for.js'

/** True where a `redis-server` is on PATH; else says loudly, in one line, what is left out. */
export function hasRedis(suite: string): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    console.warn(
      `!!! SKIPPED: ${suite} on Redis, because there is no redis-server on PATH (apt-get install redis-server).`,
    )
    return false
  }
}

/** A Redis on a free port that keeps nothing on disk; it can be killed, frozen and started again, empty. */
export class RedisServer {
  private process: ChildProcess | undefined

  private constructor(
    readonly port: number,
    private readonly options: readonly string[],
  ) {}

  static async start(...options: string[]): Promise<RedisServer> {
    const [port = 0] = await freePorts(1)
    const server = new RedisServer(port, options)
    await server.restart()
    return server
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`
  }

  async restart(): Promise<void> {
    const args = ['--port', `${this.port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...this.options]
    this.process = spawn('redis-server', args, { stdio: 'ignore' })
    await waitFor('Redis answers', () => this.say('PING').then((answer) => answer !== ''))
  }

  /** One command as a line, such as `FLUSHALL`; empty when nobody listens. */
  say(command: string): Promise<string> {
    return new Promise((answer) => {
      const socket = connect(this.port, '127.0.0.1')
      let heard = ''
      socket.setEncoding('utf8')
      socket.once('connect', () => socket.write(`${command}\r\nQUIT\r\n`))
      socket.on('data', (text) => {
        heard += text
      })
      socket.once('error', () => undefined)
      socket.once('close', () => answer(heard))
    })
  }

  freeze(): void {
    this.process?.kill('SIGSTOP')
  }

  thaw(): void {
    this.process?.kill('SIGCONT')
  }

  /** As a power cut would: with everything in it. */
  async kill(): Promise<void> {
    const { process } = this
    if (process === undefined || process.exitCode !== null || process.signalCode !== null) return
    const ended = new Promise((resolve) => process.once('exit', resolve))
    process.kill('SIGKILL')
    await ended
  }
}
