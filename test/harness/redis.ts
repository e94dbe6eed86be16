import { execFileSync } from 'node:child_process'
import { connect } from 'node:net'
import { freePorts } from './listen.js'
import { ServerProcess } from './server-process.js'
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
export class RedisServer extends ServerProcess {
  private constructor(
    readonly port: number,
    options: readonly string[],
  ) {
    const plain = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
    super('redis-server', [...plain, ...options])
  }

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
    this.launch()
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
}
