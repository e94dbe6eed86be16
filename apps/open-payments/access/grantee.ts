import type { Grant, Reach } from '@kivuko/grants'
import { DomainError } from '@kivuko/platform'
import { createParamDecorator, type ExecutionContext } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'

/** Who calls with a token, and how far the right goes that the route asked for. */
export interface Grantee {
  readonly client?: string
  readonly reach: Exclude<Reach, 'none'>
  /** The grant that outgoing payments are made under, with its limits; absent for the operator's own token. */
  readonly grant?: Grant
}

const grantees = new WeakMap<FastifyRequest, Grantee>()

export function rememberGrantee(request: FastifyRequest, grantee: Grantee): void {
  grantees.set(request, grantee)
}

/** Undefined only where a route has a public view and no token came. */
export const CurrentGrantee = createParamDecorator((_: unknown, context: ExecutionContext): Grantee | undefined =>
  grantees.get(context.switchToHttp().getRequest<FastifyRequest>()),
)

/** Whose resources a list shows the grantee: everyone's, or only its own. A client without a name has none. */
export function onlyOf({ reach, client = '' }: Grantee): string | undefined {
  return reach === 'all' ? undefined : client
}

/** Whether the grantee may read what this client made: anything, or only its own. */
export function mayRead({ reach, client }: Grantee, madeBy: string | null): boolean {
  return reach === 'all' || (client !== undefined && client === madeBy)
}

/** What is another client's does not exist for this one. */
export function anotherClients(what: string, id: string): DomainError {
  return new DomainError('not-found', 'UnknownResource', `There is no ${what} "${id.slice(0, 64)}" for this client`)
}
