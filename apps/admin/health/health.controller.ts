import { Health, type HealthState } from '@kivuko/rooms'
import { Controller, Get, Res } from '@nestjs/common'
import type { FastifyReply } from 'fastify'

/** For load balancers: the paths that need no signature. */
@Controller()
export class HealthController {
  constructor(private readonly health: Health) {}

  /** Whether this door answers at all; a process that does not is to be started again. */
  @Get('livez')
  live(): { live: true } {
    return { live: true }
  }

  /** Whether what it stands on is up; a process that is not ready is to get no requests. */
  @Get(['healthz', 'readyz'])
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthState> {
    const state = await this.health.check()
    reply.code(state.healthy ? 200 : 503)
    return state
  }
}
