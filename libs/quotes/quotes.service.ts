import { type Asset, type AssetsService, isUuid, type TenantScope } from '@kivuko/assets'
import {
  closedBecause,
  missingAmount,
  type PathPrice,
  type PaymentMethods,
  type Receiver,
} from '@kivuko/payment-methods'
import {
  type Clock,
  type Config,
  type DataSource,
  DomainError,
  newRowId,
  type Page,
  type PageRequest,
  type Queries,
} from '@kivuko/platform'
import { priceNeverBetter } from '@kivuko/rates'
import { isActive, type WalletAddress, type WalletAddressesService } from '@kivuko/wallet-addresses'
import { type Amount, amountOf, isOfAsset, MAX_AMOUNT } from './amount.js'
import {
  couldNotFetchRates,
  inactiveSender,
  invalidAmount,
  invalidReceiver,
  nonPositiveReceiveAmount,
  unknownQuote,
} from './errors.js'
import { NO_FEE, priceQuote, type QuotedAmounts, type WantedAmount } from './price-quote.js'
import type { Quote } from './quote.entity.js'
import { priceColumns, quotedPrice } from './quoted-price.js'
import { findQuote, insertQuote, readQuotesPages } from './quotes.queries.js'
import type { ReceiversService } from './receivers/receivers.service.js'
import { RecentQuotes } from './recent-quotes.js'

/** At most one of the amounts; with none, the receiver's own open amount is what shall arrive. */
export interface NewQuote {
  readonly tenantId: string
  readonly walletAddressId: string
  /** The URL of the incoming payment. */
  readonly receiver: string
  readonly debitAmount?: Amount
  readonly receiveAmount?: Amount
  readonly client?: string
}

export interface QuotesParts {
  readonly config: Pick<Config, 'quoteLifespanMs'>
  readonly clock: Clock
  readonly dataSource: DataSource
  readonly grouped: Queries
  readonly assets: AssetsService
  readonly walletAddresses: WalletAddressesService
  readonly receivers: ReceiversService
  readonly methods: PaymentMethods
}

/** Quotes: promises of what leaves and what arrives, standing until they expire. */
export class QuotesService {
  private readonly recent = new RecentQuotes()

  constructor(private readonly parts: QuotesParts) {}

  async create(input: NewQuote): Promise<Quote> {
    const wallet = await this.sender(input)
    checkForm(input, wallet)
    const receiver = await this.openReceiver(input)
    const wanted = wantedAmount(input, receiver)
    const price = await this.price(input, wallet, receiver)
    const fee = this.parts.assets.sendingFee(wallet.assetId)
    const amounts = accepted(wanted, fee ?? NO_FEE, price, wallet.asset, receiver)
    const createdAt = this.parts.clock.now()
    const quote: Quote = {
      id: newRowId(this.parts.clock.nowMs()),
      tenantId: input.tenantId,
      walletAddressId: wallet.id,
      assetId: wallet.assetId,
      receiver: receiver.incomingPaymentUrl,
      ...amounts,
      receiveAssetCode: receiver.asset.code,
      receiveAssetScale: receiver.asset.scale,
      feeId: fee?.id ?? null,
      ...priceColumns(price),
      client: input.client ?? null,
      expiresAt: this.expiry(createdAt, receiver),
      createdAt,
    }
    await insertQuote(this.parts.grouped, quote)
    this.recent.add(quote)
    return quote
  }

  /** `tenantId` undefined: of any tenant, for the operator and for what happens inside the node. */
  async get(tenantId: TenantScope, id: string): Promise<Quote> {
    const quote = isUuid(id) ? (this.recent.find(id) ?? (await findQuote(this.parts.dataSource.manager, id))) : null
    if (quote === null || (tenantId !== undefined && quote.tenantId !== tenantId)) throw unknownQuote(id)
    return quote
  }

  /** The same page for several wallet addresses that the caller may see, at once. */
  listOf(walletAddressIds: readonly string[], page: PageRequest = {}): Promise<ReadonlyMap<string, Page<Quote>>> {
    return readQuotesPages(this.parts.dataSource.manager, walletAddressIds, page)
  }

  private async sender({ tenantId, walletAddressId }: NewQuote): Promise<WalletAddress> {
    const wallet = await this.parts.walletAddresses.get(tenantId, walletAddressId)
    if (!isActive(wallet, this.parts.clock.nowMs())) throw inactiveSender(wallet.address)
    return wallet
  }

  private async openReceiver({ tenantId, receiver: url }: NewQuote): Promise<Receiver> {
    const receiver = await this.parts.receivers.getFor(tenantId, url)
    const closed = closedBecause(receiver, this.parts.clock.nowMs())
    if (closed !== undefined) {
      throw invalidReceiver(url, closed === 'ReceiverExpired' ? 'it has expired' : 'it is completed')
    }
    return receiver
  }

  private async price(input: NewQuote, { asset }: WalletAddress, receiver: Receiver): Promise<PathPrice> {
    const { tenantId, walletAddressId } = input
    try {
      return await this.parts.methods.for(receiver).price({ tenantId, walletAddressId, sourceAsset: asset, receiver })
    } catch (error) {
      throw error instanceof DomainError && error.reason === 'RatesUnavailable' ? couldNotFetchRates(error) : error
    }
  }

  private expiry(createdAt: Date, { expiresAt }: Receiver): Date {
    const lifespanEnd = createdAt.getTime() + this.parts.config.quoteLifespanMs
    return new Date(expiresAt === undefined ? lifespanEnd : Math.min(lifespanEnd, expiresAt.getTime()))
  }
}

/** Destination minor units per source minor unit, for people: a double that never promises more than the path gave. */
export function estimatedExchangeRate(quote: Quote): number {
  return priceNeverBetter(quotedPrice(quote).lowRate)
}

function checkForm({ debitAmount, receiveAmount }: NewQuote, { asset, address }: WalletAddress): void {
  if (debitAmount !== undefined && receiveAmount !== undefined) {
    throw invalidAmount('debitAmount and receiveAmount were both given; give one of them')
  }
  for (const [name, amount] of Object.entries({ debitAmount, receiveAmount })) {
    if (amount !== undefined && (amount.value <= 0n || amount.value > MAX_AMOUNT)) {
      throw invalidAmount(`${name} must be between 1 and ${MAX_AMOUNT} minor units, found ${amount.value}`)
    }
  }
  if (debitAmount !== undefined && !isOfAsset(debitAmount, asset)) {
    throw invalidAmount(`debitAmount must be in ${named(asset)}, the asset of ${address}, found ${named(debitAmount)}`)
  }
}

function wantedAmount({ debitAmount, receiveAmount }: NewQuote, receiver: Receiver): WantedAmount {
  const missing = missingAmount(receiver)
  if (debitAmount !== undefined) return { debitAmount: debitAmount.value }
  if (receiveAmount === undefined) {
    if (missing !== undefined) return { receiveAmount: missing }
    throw invalidAmount('neither debitAmount nor receiveAmount was given, and the receiver asks for no amount itself')
  }
  if (!isOfAsset(receiveAmount, receiver.asset)) {
    const expected = named(receiver.asset)
    throw invalidAmount(`receiveAmount must be in ${expected}, the receiver's asset, found ${named(receiveAmount)}`)
  }
  checkFits(receiveAmount.value, missing)
  return { receiveAmount: receiveAmount.value }
}

function accepted(
  wanted: WantedAmount,
  fee: typeof NO_FEE,
  price: PathPrice,
  sourceAsset: Asset,
  receiver: Receiver,
): QuotedAmounts {
  const priced = priceQuote(wanted, fee, price)
  if (priced.kind === 'refused') {
    const least = priced.minSendAmount
    throw nonPositiveReceiveAmount(least === undefined ? undefined : amountOf(least, sourceAsset))
  }
  const { debitAmount, debitAmountMinusFees, receiveAmount } = priced
  checkFits(receiveAmount, missingAmount(receiver))
  if (debitAmount > MAX_AMOUNT || receiveAmount > MAX_AMOUNT) {
    throw invalidAmount(`${debitAmount} would leave and ${receiveAmount} arrive; amounts go up to ${MAX_AMOUNT}`)
  }
  return { debitAmount, debitAmountMinusFees, receiveAmount }
}

function checkFits(receiveAmount: bigint, missing: bigint | undefined): void {
  if (missing === undefined || receiveAmount <= missing) return
  throw invalidAmount(`${receiveAmount} would arrive, but the receiver asks for only ${missing} more; send less`, {
    missingAmount: missing,
  })
}

function named(asset: { readonly code: string; readonly scale: number } | Amount): string {
  return 'code' in asset ? `${asset.code} (scale ${asset.scale})` : `${asset.assetCode} (scale ${asset.assetScale})`
}
