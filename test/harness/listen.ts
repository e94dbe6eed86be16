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

/** Ports that were free a moment ago: for addresses that must be known before their server starts. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer()
      await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
      return server
    }),
  )
  const ports = servers.map(portOf)
  await Promise.all(servers.map(close))
  return ports
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
