import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Question } from './child.js'

interface Start {
  readonly env?: Readonly<Record<string, string>>
  /** The folder that its profile is left in. */
  readonly profiles?: string | undefined
}

/** One of the processes that are measured. */
export class BenchProcess {
  private constructor(
    readonly name: string,
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  /** Resolves when it listens. */
  static async start(name: string, file: string, { env = {}, profiles }: Start = {}): Promise<BenchProcess> {
    const child = BenchProcess.fork(name, file, { env, profiles })
    return new BenchProcess(name, await nextAnswer(child, name), child)
  }

  /** Resolves to what a process says that does its work and ends. */
  static result(name: string, file: string, start: Start = {}): Promise<string> {
    return nextAnswer(BenchProcess.fork(name, file, start), name)
  }

  private static fork(name: string, file: string, { env = {}, profiles }: Start): ChildProcess {
    const path = fileURLToPath(new URL(`./${file}.js`, import.meta.url))
    const profile = ['--cpu-prof', `--cpu-prof-dir=${profiles}`, `--cpu-prof-name=${name}.cpuprofile`]
    const execArgv = profiles === undefined ? [] : profile
    return fork(path, { env: { ...env, PATH: '/usr/bin:/bin', NODE_ENV: 'production' }, execArgv })
  }

  async ask(question: Question): Promise<string> {
    const answer = nextAnswer(this.child, this.name)
    this.child.send(question)
    return answer
  }

  async cpuMs(): Promise<number> {
    return Number.parseFloat(await this.ask('cpuMs'))
  }

  async residentMb(): Promise<number> {
    return Math.round(Number.parseFloat(await this.ask('residentMb')))
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve))
    await this.ask('close')
    await ended
  }
}

function nextAnswer(child: ChildProcess, name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`the process ${name} ended with ${code}`))
    child.once('exit', onExit)
    child.once('message', (message) => {
      child.off('exit', onExit)
      if (typeof message === 'object' && 'answer' in message && typeof message.answer === 'string')
        resolve(message.answer)
      else reject(new Error(`${name}: ${JSON.stringify(message)}`))
    })
  })
}
