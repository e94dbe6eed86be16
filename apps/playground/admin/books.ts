import { z } from 'zod'
import type { AdminClient } from './admin-client.js'
import { amountShape, rowsOf, units } from './shapes.js'

const ACCOUNTS = `{
  assets(first: 100) { edges { node { id code scale liquidity } } }
  peers(first: 100) { edges { node { id name liquidity asset { code scale } } } }
  walletAddresses(first: 100) { edges { node { id publicName liquidity asset { code scale } } } }
  outgoingPayments(first: 100) { edges { node { id liquidity debitAmount { value assetCode assetScale } } } }
  incomingPayments(first: 100) { edges { node { id liquidity receivedAmount { value assetCode assetScale } } } }
}`

const TRANSFERS = `query ($id: String!) {
  accountingTransfers(id: $id, limit: 100) {
    debits { id debitAccountId creditAccountId amount transferType state createdAt }
    credits { id debitAccountId creditAccountId amount transferType state createdAt }
  }
}`

const assetShape = z.object({ code: z.string(), scale: z.number() })
const liquidity = units.nullable().transform((value) => value ?? 0n)
const accountsShape = z.object({
  assets: rowsOf(assetShape.extend({ id: z.string(), liquidity })),
  peers: rowsOf(z.object({ id: z.string(), name: z.string().nullable(), liquidity, asset: assetShape })),
  walletAddresses: rowsOf(
    z.object({ id: z.string(), publicName: z.string().nullable(), liquidity, asset: assetShape }),
  ),
  outgoingPayments: rowsOf(z.object({ id: z.string(), liquidity, debitAmount: amountShape })),
  incomingPayments: rowsOf(z.object({ id: z.string(), liquidity, receivedAmount: amountShape })),
})
const entryShape = z.object({
  id: z.string(),
  debitAccountId: z.string(),
  creditAccountId: z.string(),
  amount: units,
  transferType: z.enum(['DEPOSIT', 'WITHDRAWAL', 'TRANSFER']),
  state: z.string(),
  createdAt: z.string(),
})
const transfersShape = z.object({
  accountingTransfers: z.object({ debits: z.array(entryShape), credits: z.array(entryShape) }),
})

export type EntryRow = z.infer<typeof entryShape>
export type AccountRows = z.infer<typeof accountsShape>

/** The node's books as any operator reads them. */
export class BookReader {
  constructor(private readonly admin: AdminClient) {}

  accounts(): Promise<AccountRows> {
    return this.admin.request(ACCOUNTS, {}, accountsShape)
  }

  /** The latest entries of one account, newest first. */
  async entries(accountId: string): Promise<EntryRow[]> {
    const { accountingTransfers } = await this.admin.request(TRANSFERS, { id: accountId }, transfersShape)
    return [...accountingTransfers.debits, ...accountingTransfers.credits]
  }
}
