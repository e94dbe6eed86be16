import { connect, createServer, type Server, type Socket } from 'node:net'

/** A wire to a server that can be cut without anybody being told, and mended. */
export class Wire {
  private readonly sockets = new Set<Socket>()
  private isCut = false

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async start(target: number): Promise<Wire> {
    const server = createServer()
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('the wire has no port')
    const wire = new Wire(server, address.port)
    server.on('connection', (socket) => wire.join(socket, target))
    return wire
  }

  /** Nothing passes any more; connections stay open and new ones are taken. */
  cut(): void {
    this.isCut = true
    for (const socket of this.sockets) socket.pause().unpipe()
  }

  /** What was on the wire is lost. */
  mend(): void {
    this.isCut = false
    for (const socket of this.sockets) socket.destroy()
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    await new Promise((closed) => this.server.close(closed))
  }

  private join(near: Socket, target: number): void {
    const far = connect(target, '127.0.0.1')
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(socket)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        this.sockets.delete(socket)
        other.destroy()
      })
      if (!this.isCut) socket.pipe(other)
    }
  }
}
