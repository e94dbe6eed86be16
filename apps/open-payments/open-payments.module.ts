import { AccessControl } from '@kivuko/grants'
import { IncomingPaymentsService, WalletAddressReceipts } from '@kivuko/incoming-payments'
import { OutgoingPaymentsService } from '@kivuko/outgoing-payments'
import { Clock, CONFIG, type Config, LOGGER, type Logger, SECRETS, type Secrets } from '@kivuko/platform'
import { clientIdentity, publicJwkOf, QuotesService } from '@kivuko/quotes'
import { Health, provideFrom } from '@kivuko/rooms'
import { WalletAddressesService, WalletAddressKeysService, WalletAddressSearch } from '@kivuko/wallet-addresses'
import { type DynamicModule, type INestApplicationContext, Module } from '@nestjs/common'
import { APP_FILTER, APP_GUARD } from '@nestjs/core'
import { AccessGuard } from './access/access.guard.js'
import { AskedWalletAddress } from './access/asked-wallet-address.js'
import { Addresses } from './addresses.js'
import { ErrorsFilter } from './errors/errors.filter.js'
import { HealthController } from './health/health.controller.js'
import { IncomingPaymentsController } from './incoming-payments/incoming-payments.controller.js'
import { OutgoingPaymentGrantController } from './outgoing-payments/outgoing-payment-grant.controller.js'
import { OutgoingPaymentsController } from './outgoing-payments/outgoing-payments.controller.js'
import { QuotesController } from './quotes/quotes.controller.js'
import { nodeKeysController } from './wallet-addresses/node-keys.controller.js'
import { WalletAddressController } from './wallet-addresses/wallet-address.controller.js'
import { WalletAddressLookup } from './wallet-addresses/wallet-address-lookup.js'

@Module({})
export class OpenPaymentsModule {}

/** Controllers over the rooms' services, which live in the rooms' own container. Any path may be a wallet address: last. */
export function openPaymentsModule(rooms: INestApplicationContext): DynamicModule {
  const config = rooms.get<Config>(CONFIG)
  const addresses = new Addresses(config)
  const errors = new ErrorsFilter(rooms.get<Logger>(LOGGER), addresses, config.operatorTenantId)
  return {
    module: OpenPaymentsModule,
    controllers: [
      HealthController,
      IncomingPaymentsController,
      QuotesController,
      OutgoingPaymentsController,
      OutgoingPaymentGrantController,
      nodeKeysController(config.walletAddressUrl, publicJwkOf(clientIdentity(config, rooms.get<Secrets>(SECRETS)))),
      WalletAddressController,
    ],
    providers: [
      ...provideFrom(rooms, [
        AccessControl,
        Clock,
        Health,
        IncomingPaymentsService,
        OutgoingPaymentsService,
        QuotesService,
        WalletAddressesService,
        WalletAddressKeysService,
        WalletAddressReceipts,
      ]),
      { provide: CONFIG, useValue: config },
      { provide: WalletAddressLookup, useValue: walletAddressLookup(rooms, config) },
      { provide: Addresses, useValue: addresses },
      AskedWalletAddress,
      { provide: APP_GUARD, useClass: AccessGuard },
      { provide: APP_FILTER, useValue: errors },
    ],
  }
}

function walletAddressLookup(rooms: INestApplicationContext, config: Config): WalletAddressLookup {
  return new WalletAddressLookup(
    rooms.get(WalletAddressesService),
    rooms.get(WalletAddressSearch),
    rooms.get(Clock),
    config,
  )
}
