import { Agent, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Listening, listen, readBody } from '../harness/listen.js'
import type { Draws } from '../harness/seed.js'

/** What a wire does to some of the requests it carries. */
export type Trouble = 'lose requests' | 'lose answers' | 'delay' | 'double'

interface Carried {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

interface Answered {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

const LONGEST_DELAY_MS = 2_500

const NOBODY_LISTENS: Answered = { status: 503, headers: {}, body: Buffer.from('nobody listens there') }

/**
 * Whichever of two answers comes first; the other is read and dropped. Where nobody listened to any of them nothing was
 * taken, and the sender may know.
 */
async function firstOf(answers: readonly Promise<Answered>[]): Promise<Answered> {
  try {
    return await Promise.any(answers)
  } catch (error) {
    const causes: unknown[] = error instanceof AggregateError ? error.errors : [error]
    if (causes.every(isRefusedConnection)) return NOBODY_LISTENS
    throw error
  }
}

function isRefusedConnection(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED'
}

/** HTTP to one server, through the test's hands: carried on as it is until the wire is told to make trouble. */
export class Wire {
  target = ''
  /** Requests that are not answered yet. */
  inFlight = 0
  private trouble: { readonly kind: Trouble; readonly percent: number; readonly draws: Draws } | undefined
  private readonly agent = new Agent({ keepAlive: true })

  private constructor(
    private readonly listening: Listening,
    private readonly latencyMs: number,
  ) {}

  /** `latencyMs`: how long each request is under way at least, so that faults find some. */
  static async start(latencyMs = 0): Promise<Wire> {
    const listening = await listen((incoming, response) => {
      wire.inFlight += 1
      wire
        .carry(incoming, response)
        .catch(() => incoming.socket.destroy())
        .finally(() => {
          wire.inFlight -= 1
        })
    })
    const wire = new Wire(listening, latencyMs)
    return wire
  }

  get url(): string {
    return this.listening.url
  }

  /** `percent`: of the requests that come from now on. */
  makeTrouble(kind: Trouble, percent: number, draws: Draws): void {
    this.trouble = { kind, percent, draws }
  }

  makePeace(): void {
    this.trouble = undefined
  }

  async close(): Promise<void> {
    this.agent.destroy()
    await this.listening.close()
  }

  private async carry(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/', headers } = incoming
    const carried = { method, path, headers, body: await readBody(incoming) }
    const trouble = this.drawTrouble()
    await sleep(this.latencyMs + trouble.delayMs)
    if (trouble.kind === 'lose requests') throw new Error('lost on the way there')
    const answers = [this.send(carried), ...(trouble.kind === 'double' ? [this.send(carried)] : [])]
    const answer = await firstOf(answers)
    if (trouble.kind === 'lose answers') throw new Error('lost on the way back')
    response.writeHead(answer.status, answer.headers).end(answer.body)
  }

  private drawTrouble(): { readonly kind: Trouble | undefined; readonly delayMs: number } {
    if (this.trouble === undefined || this.trouble.draws.between(1, 100) > this.trouble.percent)
      return { kind: undefined, delayMs: 0 }
    const { kind, draws } = this.trouble
    return { kind, delayMs: kind === 'delay' ? draws.between(1, LONGEST_DELAY_MS) : 0 }
  }

  private send({ method, path, headers, body }: Carried): Promise<Answered> {
    const { agent } = this
    const { connection: _, 'transfer-encoding': __, ...kept } = headers
    return new Promise((resolve, fail) => {
      const outgoing = request(
        `${this.target}${path}`,
        { agent, method, headers: { ...kept, 'content-length': body.length } },
        (answer) => {
          const { statusCode: status = 502, headers: answered } = answer
          const { connection: ___, 'keep-alive': ____, ...answerHeaders } = answered
          readBody(answer).then((bytes) => resolve({ status, headers: answerHeaders, body: bytes }), fail)
        },
      )
      outgoing.once('error', fail)
      outgoing.end(body)
    })
  }
}
