import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import type { RawServerDefault } from 'fastify'

/**
 * JSON bodies under a limit, their bytes kept for digests. Clients send `complete` with content-type JSON and no body at all,
 * which Fastify by itself refuses.
 */
export function acceptJson(app: NestFastifyApplication, bodyLimit: number): void {
  const server = app.getHttpAdapter().getInstance()
  // Fastify reads plain text too, and would leave no bytes to check the digest of.
  server.removeContentTypeParser('text/plain')
  const parse = server.getDefaultJsonParser('error', 'error')
  app.useBodyParser<RawServerDefault>('application/json', { bodyLimit }, (request, body, done) => {
    if (body.length === 0) done(null, undefined)
    else parse(request, body.toString('utf8'), done)
  })
}
