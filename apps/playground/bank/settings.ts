import { z } from 'zod'
import { adminAccess } from '../admin/admin-client.js'

/** What a sample bank is told at its start, from a file that only it can read. */
export const bankSettingsShape = z.object({
  name: z.string(),
  port: z.number().int(),
  walletAddressBase: z.url(),
  webhookSecret: z.string(),
  admin: adminAccess,
})
export type BankSettings = z.infer<typeof bankSettingsShape>
