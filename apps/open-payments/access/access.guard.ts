import { isUuid } from '@kivuko/assets'
import { AccessControl, reachOf } from '@kivuko/grants'
import { DomainError } from '@kivuko/platform'
import { type CanActivate, type ExecutionContext, Injectable, NotFoundException } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import type { FastifyRequest } from 'fastify'
import { rememberGrantee } from './grantee.js'
import { REQUIREMENT, type Requirement } from './requirement.js'

/** Denies by default: a route is answered for whom it is marked, and an unmarked one for nobody. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly accessControl: AccessControl,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const requirement = this.reflector.get<Requirement | 'anonymous' | undefined>(REQUIREMENT, context.getHandler())
    if (requirement === 'anonymous') return true
    const request = context.switchToHttp().getRequest<FastifyRequest<{ Params: { tenantId?: string } }>>()
    const { authorization } = request.headers
    const tenantId = request.params.tenantId ?? ''
    if (requirement?.orNoToken && authorization === undefined && isUuid(tenantId)) return true
    const access = await this.accessControl.authenticate(authorization)
    if (requirement === undefined) throw new NotFoundException()
    if (access.tenantId !== tenantId) throw insufficientGrant('the token is of another resource server')
    const reach = reachOf(access, requirement.type, requirement.action)
    if (reach === 'none')
      throw insufficientGrant(`the token has no right to ${requirement.action} ${requirement.type}s`)
    rememberGrantee(request, { client: access.client, reach })
    return true
  }
}

function insufficientGrant(why: string): DomainError {
  return new DomainError('forbidden', 'InsufficientGrant', `Insufficient Grant: ${why}`)
}
