import { randomUUID } from 'node:crypto'
import { type Balance, depositLegs, idFromUuid, Ledger } from '@kivuko/accounting'
import { start as startWorker } from '@kivuko/app-worker'
import { type Asset, AssetsService } from '@kivuko/assets'
import {
  type IncomingPayment,
  IncomingPaymentSettlement,
  IncomingPaymentsService,
  LocalAdmissions,
} from '@kivuko/incoming-payments'
import { type OutgoingPayment, OutgoingPaymentAdvancing, OutgoingPaymentsService } from '@kivuko/outgoing-payments'
import { PeersService } from '@kivuko/peering'
import { DataSource, loadConfig } from '@kivuko/platform'
import { QuotesService } from '@kivuko/quotes'
import { type Door, openRooms } from '@kivuko/rooms'
import { type WalletAddress, WalletAddressesService } from '@kivuko/wallet-addresses'
import { nodeEnvironment, TENANT_ID } from '../../harness/node-settings.js'
import { type FreshDatabase, freshDatabase } from '../../harness/postgres.js'

/** The rooms of one process without doors: with its own connections and memory, as a process of its own has. */
export interface PaymentsProcess {
  readonly dataSource: DataSource
  readonly ledger: Ledger
  readonly assets: AssetsService
  readonly walletAddresses: WalletAddressesService
  readonly peers: PeersService
  readonly incomingPayments: IncomingPaymentsService
  readonly settlement: IncomingPaymentSettlement
  readonly admissions: LocalAdmissions
  readonly quotes: QuotesService
  readonly outgoingPayments: OutgoingPaymentsService
  readonly advancing: OutgoingPaymentAdvancing
  /** Answers the bell from now on. */
  startWorker(): Promise<Door>
  close(): Promise<void>
}

export async function startPayments(
  database: FreshDatabase,
  env: Readonly<Record<string, string>> = {},
): Promise<PaymentsProcess> {
  const settings = {
    name: 'payments',
    databaseUrl: database.url,
    dataDir: '/nowhere',
    webhookUrl: 'http://127.0.0.1:9',
  }
  const { config, secrets } = loadConfig(
    await nodeEnvironment({ ...settings, env: { OPEN_PAYMENTS_URL: BASE, ...env } }),
  )
  const rooms = await openRooms(config, secrets)
  return {
    dataSource: rooms.get(DataSource),
    ledger: rooms.get(Ledger),
    assets: rooms.get(AssetsService),
    walletAddresses: rooms.get(WalletAddressesService),
    peers: rooms.get(PeersService),
    incomingPayments: rooms.get(IncomingPaymentsService),
    settlement: rooms.get(IncomingPaymentSettlement),
    admissions: rooms.get(LocalAdmissions),
    quotes: rooms.get(QuotesService),
    outgoingPayments: rooms.get(OutgoingPaymentsService),
    advancing: rooms.get(OutgoingPaymentAdvancing),
    startWorker: () => startWorker(rooms),
    close: () => rooms.close(),
  }
}

const BASE = 'http://payments.test'
export const OPERATOR = TENANT_ID

/** Two customers of one node, in USD and EUR (1 USD is 0.91 EUR), with liquidity in both. */
export class Bank {
  private constructor(
    readonly database: FreshDatabase,
    readonly rooms: PaymentsProcess,
    readonly usd: Asset,
    readonly eur: Asset,
    readonly alice: WalletAddress,
    readonly bob: WalletAddress,
  ) {}

  static async open(label: string, env: Readonly<Record<string, string>> = {}): Promise<Bank> {
    return Bank.on(await freshDatabase(label), env)
  }

  static async on(database: FreshDatabase, env: Readonly<Record<string, string>> = {}): Promise<Bank> {
    const rooms = await startPayments(database, env)
    const usd = await rooms.assets.create({ tenantId: OPERATOR, code: 'USD', scale: 2 })
    const eur = await rooms.assets.create({ tenantId: OPERATOR, code: 'EUR', scale: 2 })
    const wallet = (name: string, { id: assetId }: Asset): Promise<WalletAddress> =>
      rooms.walletAddresses.create({ tenantId: OPERATOR, address: `${BASE}/${name}`, assetId })
    const bank = new Bank(database, rooms, usd, eur, await wallet('alice', usd), await wallet('bob', eur))
    await bank.deposit(eur, 10_000_000n)
    return bank
  }

  async close(): Promise<void> {
    await this.rooms.close()
    await this.database.drop()
  }

  async deposit({ id: assetId }: Asset, amount: bigint): Promise<void> {
    await this.rooms.assets.depositLiquidity({ tenantId: OPERATOR, assetId, id: randomUUID(), amount })
  }

  /** Asks for money at Bob's, in EUR. */
  ask(input: { incomingAmount?: bigint; expiresAt?: Date } = {}): Promise<IncomingPayment> {
    const { id: walletAddressId } = this.bob
    return this.rooms.incomingPayments.create({ tenantId: OPERATOR, walletAddressId, initiatedBy: 'ADMIN', ...input })
  }

  /** Money that came to an incoming payment, as the ledger has it: no row has been told. */
  async creditInLedger({ id }: IncomingPayment, amount: bigint): Promise<void> {
    const legs = depositLegs({ id: idFromUuid(randomUUID()), accountId: idFromUuid(id), asset: this.eur, amount })
    const outcome = await this.rooms.ledger.transfer(legs)
    if (outcome.kind !== 'accepted') throw new Error(`not credited: ${JSON.stringify(outcome)}`)
  }

  /** The same, and the receiver is told. */
  async credit(payment: IncomingPayment, amount: bigint): Promise<void> {
    const admission = await this.rooms.admissions.admit(payment.id, amount)
    await this.creditInLedger(payment, amount)
    await admission.credited()
  }

  /** A payment of Alice's to Bob, in FUNDING. */
  async order(debit: bigint, receiver?: IncomingPayment): Promise<OutgoingPayment> {
    const { quotes, outgoingPayments, incomingPayments } = this.rooms
    const url = incomingPayments.url(receiver ?? (await this.ask()))
    const sender = { tenantId: OPERATOR, walletAddressId: this.alice.id }
    const debitAmount = { value: debit, assetCode: 'USD', assetScale: 2 }
    const quote = await quotes.create({ ...sender, receiver: url, debitAmount })
    return outgoingPayments.create({ ...sender, quoteId: quote.id, initiatedBy: 'ADMIN' })
  }

  async balance(id: string): Promise<Balance | undefined> {
    return (await this.rooms.ledger.balances([idFromUuid(id)])).get(idFromUuid(id))
  }

  /** The types and contents of the webhook events about a payment, in order. */
  async told(id: string): Promise<{ id: string; type: string; data: Record<string, unknown> }[]> {
    const rows: { id: string; type: string; data: Record<string, unknown> }[] = await this.rooms.dataSource.query(
      'select id, type, data from webhook_events where resource_key = $1 order by sequence',
      [id],
    )
    return rows
  }
}
