import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { Burst } from '@kivuko/connector'
import { PacketConnection, type PacketConnectionParts } from './packet-connection.js'

/**
 * Reads the packets that come to `server` before it does, on connections of our own; what is no plain packet it reads as
 * it would have (docs/decisions/0021). The function returned lets go of the connections, when the door closes.
 */
export function readPacketsBefore(
  server: Server,
  parts: Omit<PacketConnectionParts, 'burst' | 'handOver'>,
): () => void {
  const nodes = server.listeners('connection')
  const handOver = (socket: Socket) => {
    for (const listener of nodes) listener.call(server, socket)
  }
  const all = { ...parts, burst: new Burst(), handOver }
  const connections = new Set<PacketConnection>()
  const gone = (connection: PacketConnection) => void connections.delete(connection)
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    if (parts.state.isClosing) handOver(socket)
    else connections.add(new PacketConnection(socket, all, gone))
  })
  return () => {
    for (const connection of connections) connection.close()
  }
}
