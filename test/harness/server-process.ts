import { type ChildProcess, spawn } from 'node:child_process'

/** A server's program that says nothing; it can be started again, frozen and killed. */
export class ServerProcess {
  private process: ChildProcess | undefined

  constructor(
    private readonly program: string,
    private readonly args: readonly string[],
  ) {}

  protected launch(): void {
    this.process = spawn(this.program, this.args, { stdio: 'ignore' })
  }

  freeze(): void {
    this.process?.kill('SIGSTOP')
  }

  thaw(): void {
    this.process?.kill('SIGCONT')
  }

  /** As a power cut would: without a chance to tidy up. */
  async kill(): Promise<void> {
    const { process } = this
    if (process === undefined || process.exitCode !== null || process.signalCode !== null) return
    const ended = new Promise((resolve) => process.once('exit', resolve))
    process.kill('SIGKILL')
    await ended
  }
}
