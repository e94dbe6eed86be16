import type { Access } from '@kivuko/grants'
import { createParamDecorator, type ExecutionContext } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'

const accesses = new WeakMap<FastifyRequest, Access>()

export function rememberAccess(request: FastifyRequest, access: Access): void {
  accesses.set(request, access)
}

/** What the token of this request allows; undefined only where a route has a public view. */
export const CurrentAccess = createParamDecorator((_: unknown, context: ExecutionContext): Access | undefined =>
  accesses.get(context.switchToHttp().getRequest<FastifyRequest>()),
)
