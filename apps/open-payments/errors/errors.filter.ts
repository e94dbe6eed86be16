import { isUuid } from '@kivuko/assets'
import { type Logger, messageOf } from '@kivuko/platform'
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Addresses } from '../addresses.js'
import { answerTo } from './error-body.js'

/** The one place where errors become answers. */
@Catch()
export class ErrorsFilter implements ExceptionFilter {
  constructor(
    private readonly log: Logger,
    private readonly addresses: Addresses,
    private readonly operatorTenantId: string,
  ) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp()
    const request = http.getRequest<FastifyRequest>()
    const reply = http.getResponse<FastifyReply>()
    const { status, body } = answerTo(error)
    this.logFault(status, error, request)
    if (status === 401 || status === 403) reply.header('WWW-Authenticate', `GNAP as_uri=${this.authServerFor(request)}`)
    // What is missing now may be there in a moment: no answer of this kind is kept.
    await reply.code(status).header('Cache-Control', 'no-store').send(body)
  }

  private logFault(status: number, error: unknown, { method, url }: FastifyRequest): void {
    if (status === 503) this.log.warn({ method, url, cause: messageOf(error) }, 'a request had to be put off')
    else if (status >= 500) this.log.error({ err: error, method, url }, 'a request failed inside')
  }

  /** The tenant's whose resource was asked for; where none is named, the operator's. */
  private authServerFor({ params }: FastifyRequest): string {
    const named = typeof params === 'object' && params !== null && 'tenantId' in params ? params.tenantId : undefined
    return this.addresses.authServer(typeof named === 'string' && isUuid(named) ? named : this.operatorTenantId)
  }
}
