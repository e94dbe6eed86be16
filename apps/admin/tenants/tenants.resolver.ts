import { TenantAdministration } from '@kivuko/tenants'
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql'
import { actingFor, type Caller } from '../callers/caller.js'
import { requireOperator } from '../callers/operator-only.js'
import { parseInput } from '../inputs/parse-input.js'
import { connectionOf } from '../pages/connection.js'
import type { PageArguments } from '../pages/list-arguments.js'
import { ownTenantId } from './own-tenant.js'
import { CreateTenant, CreateTenantSettings, RotateWebhookSecret, UpdateTenant } from './tenant.inputs.js'
import { tenantView } from './tenant.view.js'
import { readKeepFormer } from './webhook-secret.js'

@Resolver()
export class TenantsResolver {
  constructor(private readonly tenants: TenantAdministration) {}

  @Query()
  async tenant(@Args('id') id: string, @Context('caller') caller: Caller) {
    return tenantView(await this.tenants.get(ownTenantId(caller, id)))
  }

  @Query('tenants')
  async list(@Args() page: PageArguments, @Context('caller') caller: Caller) {
    requireOperator(caller)
    return connectionOf(await this.tenants.list(page), tenantView)
  }

  @Mutation()
  async createTenant(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    requireOperator(caller)
    return { tenant: tenantView(await this.tenants.create(parseInput(CreateTenant, unchecked))) }
  }

  @Mutation()
  async updateTenant(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const { id, ...change } = parseInput(UpdateTenant, unchecked)
    return { tenant: tenantView(await this.tenants.update(ownTenantId(caller, id), change)) }
  }

  @Mutation()
  async deleteTenant(@Args('id') id: string, @Context('caller') caller: Caller) {
    requireOperator(caller)
    await this.tenants.delete(ownTenantId(caller, id))
    return { success: true }
  }

  @Mutation()
  async createTenantSettings(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const { tenantId, settings } = parseInput(CreateTenantSettings, unchecked)
    return { settings: await this.tenants.set(actingFor(caller, tenantId), settings) }
  }

  @Mutation()
  async rotateWebhookSecret(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const { tenantId, keepFormerSeconds } = parseInput(RotateWebhookSecret, unchecked)
    const keepFormerMs = readKeepFormer(keepFormerSeconds)
    return { tenant: tenantView(await this.tenants.rotateWebhookSecret(actingFor(caller, tenantId), keepFormerMs)) }
  }
}
