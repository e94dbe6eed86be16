import { Health, type HealthState } from '@kivuko/rooms'
import { Controller, Get, Res } from '@nestjs/common'
import type { FastifyReply } from 'fastify'
import { Anonymous } from '../access/requirement.js'

/** For load balancers. */
@Controller('healthz')
export class HealthController {
  constructor(private readonly health: Health) {}

  @Get()
  @Anonymous()
  async check(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthState> {
    const state = await this.health.check()
    reply.code(state.healthy ? 200 : 503)
    return state
  }
}
