import type { FastifyInstance } from 'fastify'

/**
 * Mercurius describes its answers to Fastify, the path of an error as texts alone: an index in a list would be written as
 * "0", which the specification of GraphQL forbids. Without the description answers are written as they are. To be called
 * before the routes are made.
 */
export function writeAnswersWhole(server: FastifyInstance): void {
  server.addHook('onRoute', ({ schema }) => {
    if (schema !== undefined) schema.response = undefined
  })
}
