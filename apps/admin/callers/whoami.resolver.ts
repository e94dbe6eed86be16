import { Context, Query, Resolver } from '@nestjs/graphql'
import type { Caller } from './caller.js'

@Resolver()
export class WhoamiResolver {
  @Query()
  whoami(@Context('caller') { tenantId, isOperator }: Caller) {
    return { id: tenantId, isOperator }
  }
}
