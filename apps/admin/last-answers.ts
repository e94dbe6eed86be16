import type { FastifyInstance } from 'fastify'

/** A connection that was busy when the door began to close would be kept alive, and hold the door open: it ends with its answer. */
export function endConnectionsWithTheirLastAnswer(server: FastifyInstance): void {
  let isClosing = false
  server.addHook('preClose', async () => {
    isClosing = true
  })
  server.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('connection', 'close')
  })
}
