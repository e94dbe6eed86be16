import { type DynamicModule, Module } from '@nestjs/common'
import type { Config, Secrets } from './config/load-config.js'
import type { Entity } from './database/database.js'
import type { Migration } from './database/migration.js'
import { CONFIG, SECRETS } from './tokens.js'

export interface PlatformOptions {
  readonly entities: readonly Entity[]
  readonly migrations: readonly Migration[]
}

@Module({})
export class PlatformModule {
  static register(config: Config, secrets: Secrets, _options: PlatformOptions): DynamicModule {
    return {
      module: PlatformModule,
      global: true,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: SECRETS, useValue: secrets },
      ],
      exports: [CONFIG, SECRETS],
    }
  }
}
