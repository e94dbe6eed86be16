import { z } from 'zod'

const amount = z.object({
  value: z
    .string()
    .regex(/^\d{1,20}$/)
    .transform((digits) => BigInt(digits)),
  assetCode: z.string().min(1),
  assetScale: z.int().min(0).max(255),
})

const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text))

const ilpMethod = z.object({
  type: z.literal('ilp'),
  ilpAddress: z.string().max(1023),
  sharedSecret: z.string().transform((text) => Buffer.from(text, 'base64url')),
})

/** An incoming payment as its server shows it to a client that may read it. Other members are other versions' business. */
export const incomingPaymentBody = z.object({
  id: z.url(),
  walletAddress: z.url(),
  completed: z.boolean().default(false),
  incomingAmount: amount.optional(),
  receivedAmount: amount,
  expiresAt: time.optional(),
  createdAt: time.optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  /** Payment methods that this node does not know are passed over. */
  methods: z.array(z.union([ilpMethod, z.object({ type: z.string() })])).default([]),
})

export type IncomingPaymentBody = z.output<typeof incomingPaymentBody>

// No server that people run has a longer one, and it is kept with its token.
const serverUrl = z.url().max(1_024)

/** What a wallet address says of itself, as far as a payment needs it. */
export const walletAddressBody = z.object({
  id: z.url(),
  assetCode: z.string().min(1),
  assetScale: z.int().min(0).max(255),
  authServer: serverUrl,
  resourceServer: serverUrl,
})

export type WalletAddressBody = z.output<typeof walletAddressBody>

/** What an incoming payment tells anybody. */
export const publicIncomingPaymentBody = z.object({ authServer: serverUrl })
