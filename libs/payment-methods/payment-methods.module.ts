import { AccountingModule, Ledger } from '@kivuko/accounting'
import { ConnectorService } from '@kivuko/connector'
import { IncomingPaymentsModule, LocalAdmissions } from '@kivuko/incoming-payments'
import { CONFIG, type Config, LOGGER, type Logger } from '@kivuko/platform'
import { Rates, RatesModule } from '@kivuko/rates'
import { Module } from '@nestjs/common'
import { IlpMethod } from './ilp/ilp-method.js'
import { LocalMethod } from './local/local-method.js'
import { PaymentMethods } from './payment-methods.js'

/** Needs the global ConnectorModule. */
@Module({
  imports: [AccountingModule, RatesModule, IncomingPaymentsModule],
  providers: [
    {
      provide: PaymentMethods,
      useFactory: (
        ledger: Ledger,
        rates: Rates,
        connector: ConnectorService,
        admissions: LocalAdmissions,
        config: Config,
        log: Logger,
      ) => new PaymentMethods(new LocalMethod(ledger, rates, admissions), new IlpMethod(connector, rates, config, log)),
      inject: [Ledger, Rates, ConnectorService, LocalAdmissions, CONFIG, LOGGER],
    },
  ],
  exports: [PaymentMethods],
})
export class PaymentMethodsModule {}
