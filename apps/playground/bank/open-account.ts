import { z } from 'zod'
import type { Operator } from '../admin/operator.js'
import { units } from '../admin/shapes.js'
import type { Customer } from './customers.js'

export const openOrder = z.object({
  name: z.string(),
  assetId: z.string(),
  assetCode: z.string(),
  assetScale: z.number(),
  balance: units,
})

/** A new customer: an account here and a wallet address at the node. */
export async function openAccount(
  order: z.infer<typeof openOrder>,
  walletAddressBase: string,
  operator: Operator,
): Promise<Customer> {
  const { name, assetId, assetCode, assetScale, balance } = order
  const walletAddress = `${walletAddressBase}/${name}`
  const walletAddressId = await operator.createWalletAddress(walletAddress, assetId, name)
  return { name, assetCode, assetScale, walletAddress, walletAddressId, balance, held: 0n }
}
