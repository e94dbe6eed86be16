import { Ledger } from '@kivuko/accounting'
import { AssetsService } from '@kivuko/assets'
import { DataSource } from '@kivuko/platform'
import { provideFrom } from '@kivuko/rooms'
import { type DynamicModule, type INestApplicationContext, Module } from '@nestjs/common'
import { GraphQLModule } from '@nestjs/graphql'
import type { MercuriusDriverConfig } from '@nestjs/mercurius'
import { AssetFieldsResolver } from './assets/asset-fields.resolver.js'
import { AssetsResolver } from './assets/assets.resolver.js'
import { HealthController } from './health/health.controller.js'

@Module({})
export class AdminModule {}

/** Resolvers over the rooms' services, which live in the rooms' own container. */
export function adminModule(rooms: INestApplicationContext, graphql: MercuriusDriverConfig): DynamicModule {
  return {
    module: AdminModule,
    imports: [GraphQLModule.forRoot(graphql)],
    controllers: [HealthController],
    providers: [...provideFrom(rooms, [AssetsService, DataSource, Ledger]), AssetsResolver, AssetFieldsResolver],
  }
}
