import { Clock, CONFIG, type Config, LOGGER, type Logger } from '@kivuko/platform'
import { Inject, Module } from '@nestjs/common'
import { Ledger } from './ledger.js'
import { openLedger } from './open-ledger.js'

/** Provides the Ledger that the configuration names. */
@Module({
  providers: [
    {
      provide: Ledger,
      useFactory: (config: Config, clock: Clock, log: Logger) => openLedger(config, clock, log),
      inject: [CONFIG, Clock, LOGGER],
    },
  ],
  exports: [Ledger],
})
export class AccountingModule {
  constructor(@Inject(Ledger) private readonly ledger: Ledger) {}

  async onApplicationShutdown(): Promise<void> {
    await this.ledger.close()
  }
}
