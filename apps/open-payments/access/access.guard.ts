import { isUuid } from '@kivuko/assets'
import { type Access, AccessControl, type AskedRight, type Grant, reachOf, rightsFor } from '@kivuko/grants'
import { CONFIG, type Config, DomainError } from '@kivuko/platform'
import {
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  NotFoundException,
  type RawBodyRequest,
} from '@nestjs/common'
import { Reflector } from '@nestjs/core'
import type { FastifyRequest } from 'fastify'
import { AskedWalletAddress, type RoutedRequest } from './asked-wallet-address.js'
import { rememberGrantee } from './grantee.js'
import { receivedRequest } from './received-request.js'
import { REQUIREMENT, type Requirement } from './requirement.js'

/** Denies by default: a route is answered for whom it is marked, and an unmarked one for nobody. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly accessControl: AccessControl,
    private readonly askedWalletAddress: AskedWalletAddress,
    private readonly reflector: Reflector,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const requirement = this.reflector.get<Requirement | 'anonymous' | undefined>(REQUIREMENT, context.getHandler())
    if (requirement === 'anonymous') return true
    const request = context.switchToHttp().getRequest<RawBodyRequest<FastifyRequest<RoutedRequest>>>()
    const tenantId = request.params.tenantId ?? ''
    const hasNoToken = request.headers.authorization === undefined
    if (requirement?.orNoToken && hasNoToken && isUuid(tenantId)) return true
    const asked = hasNoToken ? undefined : await this.askedRight(request, requirement)
    const access = await this.accessControl.authenticate(receivedRequest(request, this.config), asked)
    if (asked === undefined) throw new NotFoundException()
    if (access.tenantId !== tenantId) throw insufficientGrant('the token is of another resource server')
    const reach = reachOf(access, asked)
    if (reach === 'none') throw insufficientGrant(noRight(asked))
    rememberGrantee(request, { client: access.client, reach, grant: grantOf(access, asked) })
    return true
  }

  private async askedRight(
    request: FastifyRequest<RoutedRequest>,
    requirement: Requirement | undefined,
  ): Promise<AskedRight | undefined> {
    if (requirement === undefined) return undefined
    const { type, action } = requirement
    return { type, action, walletAddress: await this.askedWalletAddress.of(request, type) }
  }
}

/** The grant whose limits hold for what is asked. With two of them, which one is spent would be anybody's guess. */
function grantOf(access: Access, asked: AskedRight): Grant | undefined {
  const [right, another] = rightsFor(access, asked).filter(({ actions }) => actions.includes(asked.action))
  if (asked.type !== 'outgoing-payment' || access.grantId === undefined) return undefined
  if (asked.action === 'create' && another !== undefined) {
    throw insufficientGrant('more than one of its access items allows this payment; ask for a grant with one')
  }
  return { tenantId: access.tenantId, id: access.grantId, limits: right?.limits }
}

function noRight({ type, action, walletAddress }: AskedRight): string {
  return `the token has no right to ${action} ${type}s${walletAddress === undefined ? '' : ` of ${walletAddress}`}`
}

function insufficientGrant(why: string): DomainError {
  return new DomainError('forbidden', 'InsufficientGrant', `The grant is not enough: ${why}`)
}
