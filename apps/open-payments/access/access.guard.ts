import { isUuid } from '@kivuko/assets'
import { AccessControl } from '@kivuko/grants'
import { DomainError } from '@kivuko/platform'
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import type { FastifyRequest } from 'fastify'
import { rememberAccess } from './current-access.js'
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
    const { tenantId } = request.params
    if (requirement && !isUuid(tenantId ?? ''))
      throw new DomainError('not-found', 'UnknownTenant', 'There is no such resource server')
    const { authorization } = request.headers
    if (requirement?.orNoToken && authorization === undefined) return true
    const access = await this.accessControl.authenticate(authorization)
    if (requirement === undefined) throw insufficientGrant('no token opens this route')
    if (access.tenantId !== tenantId) {
      throw insufficientGrant('the token is not of this resource server; use the resourceServer of its wallet address')
    }
    rememberAccess(request, access)
    return true
  }
}

function insufficientGrant(why: string): DomainError {
  return new DomainError('forbidden', 'InsufficientGrant', `Insufficient Grant: ${why}`)
}
