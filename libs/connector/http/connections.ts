import { Client, type Dispatcher } from 'undici'
import { type Answer, AnswerCollector } from '../http-answer.js'

interface Waiting {
  readonly options: Dispatcher.DispatchOptions
  readonly collector: AnswerCollector
}

/**
 * Keep-alive connections to one origin, each with one request at a time. The one that was used last is taken first, at
 * no search: undici's own pool looks through all busy ones, twice for each packet.
 */
export class Connections {
  private readonly clients: Client[] = []
  private readonly idle: Client[] = []
  private readonly waiting: Waiting[] = []
  private onAllIdle: (() => void) | undefined

  constructor(
    private readonly origin: string,
    private readonly most: number,
    private readonly options: Client.Options,
  ) {}

  /** Waits for a connection where all are busy. `isExpired` is asked just before the request goes out. */
  exchange(options: Dispatcher.DispatchOptions, isExpired: () => boolean): Promise<Answer> {
    return new Promise((resolve) => {
      const request = { options, collector: new AnswerCollector(isExpired, resolve) }
      const client = this.idle.pop() ?? this.another()
      if (client === undefined) this.waiting.push(request)
      else this.send(request, client)
    })
  }

  /** Lets what is under way or waits finish, then closes the connections. */
  async close(): Promise<void> {
    if (this.idle.length < this.clients.length) await new Promise<void>((resolve) => (this.onAllIdle = resolve))
    await Promise.all(this.clients.map((client) => client.close()))
  }

  private another(): Client | undefined {
    if (this.clients.length === this.most) return undefined
    const client = new Client(this.origin, { ...this.options, pipelining: 1 })
    this.clients.push(client)
    return client
  }

  private send({ options, collector }: Waiting, client: Client): void {
    collector.onFree = () => this.free(client)
    client.dispatch(options, collector)
  }

  private free(client: Client): void {
    const next = this.waiting.shift()
    if (next !== undefined) {
      this.send(next, client)
      return
    }
    this.idle.push(client)
    if (this.idle.length === this.clients.length) this.onAllIdle?.()
  }
}
