import { readEnvironment } from '@kivuko/platform'
import { fastify } from 'fastify'
import { type Dispatcher, Pool } from 'undici'
import { answerParent } from './child.js'

/** The ceiling: what comes in goes out and back, with the same Fastify and undici as the node, and no ILP. */
const OCTETS = 'application/octet-stream'
const HEADERS = ['content-type', OCTETS, 'accept', OCTETS]
const pool = new Pool(readEnvironment().STUB_URL ?? '', { connections: 256, pipelining: 1 })
const app = fastify({ bodyLimit: 65_536 })
app.removeAllContentTypeParsers()
app.addContentTypeParser(OCTETS, { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
app.post('/*', async (request, reply) => {
  const { body } = request
  if (!Buffer.isBuffer(body)) return reply.code(400).send()
  return reply.type(OCTETS).send(await forward(body))
})

class Collector implements Dispatcher.DispatchHandler {
  private readonly chunks: Buffer[] = []

  constructor(
    private readonly resolve: (body: Buffer) => void,
    private readonly reject: (error: Error) => void,
  ) {}

  // Its presence tells undici which kind of handler this is.
  onRequestStart(): void {}

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.chunks.push(chunk)
  }

  onResponseEnd(): void {
    const [only] = this.chunks
    this.resolve(this.chunks.length === 1 && only ? only : Buffer.concat(this.chunks))
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.reject(error)
  }
}

function forward(body: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    pool.dispatch({ path: '/ilp', method: 'POST', headers: HEADERS, body }, new Collector(resolve, reject))
  })
}

const url = await app.listen({ host: '127.0.0.1', port: 0 })
answerParent({ url, close: () => app.close() })
