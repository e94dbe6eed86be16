import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'

export interface Listening {
  readonly url: string
  close(): Promise<void>
}

/** A server of the loopback address, on a free port unless one is given; closing it also ends connections kept alive. */
export async function listen(answer: RequestListener, port = 0): Promise<Listening> {
  const server = createServer(answer)
  await new Promise<void>((ready, fail) => server.once('error', fail).listen(port, '127.0.0.1', ready))
  return { url: `http://127.0.0.1:${portOf(server)}`, close: () => close(server) }
}

// Below the ports that systems give to connections, so that none is taken between being chosen and being listened on; above
// those that fetch refuses to call (10080 is the last). Tests that run at once choose from parts of their own.
const FIRST_PORT = 12_000
const PORTS_PER_PART = 2_500
const PARTS = 8
let part: Promise<number> | undefined
let nextPort = Math.floor(Math.random() * PORTS_PER_PART)

/** Ports that were free a moment ago: for addresses that must be known before their server starts. */
export async function freePorts(count: number): Promise<number[]> {
  part ??= partOfOwn()
  const first = FIRST_PORT + (await part) * PORTS_PER_PART
  const found: number[] = []
  while (found.length < count) {
    const port = first + (nextPort++ % PORTS_PER_PART)
    const server = await holding(port)
    if (server === undefined) continue
    found.push(port)
    await new Promise((closed) => server.close(closed))
  }
  return found
}

/** The part of this process: it listens, as long as it lives, on the port that stands for it. */
async function partOfOwn(): Promise<number> {
  for (let own = 0; own < PARTS; own += 1) {
    const server = await holding(FIRST_PORT - PARTS + own)
    server?.unref()
    if (server !== undefined) return own
  }
  return process.pid % PARTS
}

function holding(port: number): Promise<Server | undefined> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(Buffer.from(part))
  return Buffer.concat(parts)
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server is not listening on a port')
  return address.port
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((closed) => server.close(closed))
}
