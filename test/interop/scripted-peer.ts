import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { type Listening, listen, readBody } from '../harness/listen.js'

export type Behaviour = (response: ServerResponse, request: IncomingMessage) => void | Promise<void>

export interface ReceivedRequest {
  readonly method: string | undefined
  readonly path: string | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** The client's port: the same for two requests on one connection. */
  readonly clientPort: number | undefined
}

/** A next hop that does with each request what it was told to do next; then with every further one the last of that. */
export class ScriptedPeer {
  readonly requests: ReceivedRequest[] = []
  private script: Behaviour[] = []
  private listening: Listening | undefined
  private readonly waiting: (() => void)[] = []

  static async start(): Promise<ScriptedPeer> {
    const peer = new ScriptedPeer()
    peer.listening = await listen((request, response) => {
      peer.answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
    })
    return peer
  }

  get url(): string {
    return this.listening?.url ?? ''
  }

  does(...behaviours: Behaviour[]): void {
    this.script = behaviours
  }

  /** Resolves when the next request has come. */
  nextRequest(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve))
  }

  async close(): Promise<void> {
    await this.listening?.close()
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request)
    const { method, url: path, headers, socket } = request
    this.requests.push({ method, path, headers, body, clientPort: socket.remotePort })
    for (const arrived of this.waiting.splice(0)) arrived()
    const behaviour = this.script.length > 1 ? this.script.shift() : this.script[0]
    await behaviour?.(response, request)
  }
}

export function answersWith(statusCode: number, body: Buffer | string = ''): Behaviour {
  return (response) => void response.writeHead(statusCode, { 'content-type': 'application/octet-stream' }).end(body)
}

/** As a node does that charges the same bytes once, however often they come. */
export function answersAndChargesOnce(statusCode: number, body: Buffer | string = ''): Behaviour {
  const headers = { 'content-type': 'application/octet-stream', 'ilp-repeats': 'charged-once' }
  return (response) => void response.writeHead(statusCode, headers).end(body)
}

export const cutsTheConnection: Behaviour = (_response, request) => void request.socket.destroy()

export const neverAnswers: Behaviour = () => undefined
