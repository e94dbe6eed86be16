import { createServer } from 'node:net'
import { answerParent, listening } from './child.js'
import { STUB_RESPONSE } from './packets.js'
import { MessageReader } from './wire.js'

/** The next hop: fulfills everything, at the cost of a socket. */
const server = createServer((socket) => {
  const reader = new MessageReader(() => socket.write(STUB_RESPONSE))
  socket.setNoDelay(true)
  socket.on('data', (chunk) => reader.push(chunk))
  socket.on('error', () => socket.destroy())
})
server.listen(0, '127.0.0.1', () => answerParent({ url: listening(server), close: async () => void server.close() }))
