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

// Below the ports that systems give to connections, so that none is taken between being chosen and being listened on;
// tests that run at once choose from parts of their own.
const FIRST_PORT = 10_000
const PORTS_PER_WORKER = 2_500
const WORKERS = 8
const worker = process.pid % WORKERS
let nextPort = Math.floor(Math.random() * PORTS_PER_WORKER)

/** Ports that were free a moment ago: for addresses that must be known before their server starts. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = []
  while (ports.length < count) {
    const port = FIRST_PORT + worker * PORTS_PER_WORKER + (nextPort++ % PORTS_PER_WORKER)
    if (await isFree(port)) ports.push(port)
  }
  return ports
}

function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
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
