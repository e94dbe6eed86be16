import { type DynamicModule, type INestApplicationContext, Module } from '@nestjs/common'
import { GraphQLModule } from '@nestjs/graphql'
import type { MercuriusDriverConfig } from '@nestjs/mercurius'
import { HealthController } from './health/health.controller.js'
import { resolvers } from './resolvers.js'
import { roomServices } from './room-services.js'

@Module({})
export class AdminModule {}

/** Resolvers over the rooms' services, which live in the rooms' own container. */
export function adminModule(rooms: INestApplicationContext, graphql: MercuriusDriverConfig): DynamicModule {
  return {
    module: AdminModule,
    imports: [GraphQLModule.forRoot(graphql)],
    controllers: [HealthController],
    providers: [...roomServices(rooms), ...resolvers],
  }
}
