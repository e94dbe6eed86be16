import { z } from 'zod'
import { adminAccess } from '../admin/admin-client.js'

/** What a sample bank is told at its start, from a file that only it can read. */
export const bankSettingsShape = z.object({
  name: z.string(),
  /** The address it listens on; it has no guard of its own, so that only its node should reach it. */
  host: z.string().default('127.0.0.1'),
  port: z.number().int(),
  walletAddressBase: z.url(),
  webhookSecret: z.string(),
  admin: adminAccess,
})
export type BankSettings = z.infer<typeof bankSettingsShape>
