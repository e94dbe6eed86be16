import { z } from 'zod'
import { ed25519Jwk } from '../signatures/ed25519-key.js'

const MAX_U64 = 2n ** 64n - 1n

const amount = z.object({
  value: z
    .string()
    .regex(/^\d{1,20}$/)
    .transform(BigInt)
    .refine((value) => value <= MAX_U64),
  assetCode: z.string().min(1),
  assetScale: z.int().min(0).max(255),
})

const limits = z.object({
  receiver: z.url().optional(),
  interval: z.string().max(256).optional(),
  debitAmount: amount.optional(),
  receiveAmount: amount.optional(),
})

const right = z.object({
  type: z.enum(['incoming-payment', 'outgoing-payment', 'quote']),
  actions: z.array(z.enum(['create', 'complete', 'read', 'read-all', 'list', 'list-all'])),
  identifier: z.string().min(1).optional(),
  limits: limits.optional(),
})

/** Rafiki's forms, old and new: the wallet address as a string, or the one or the other in an object. */
const client = z.union([
  z.url().transform((walletAddress) => ({ walletAddress })),
  z.object({ walletAddress: z.url() }),
  z.object({ jwk: ed25519Jwk }),
])

const activeToken = z.object({
  active: z.literal(true),
  grant: z.string().min(1).max(256),
  client,
  access: z.array(right).max(16),
  /** The grant endpoint that the token was issued at, which tells the tenant (RFC 9767 §3.3). */
  iss: z.string().optional(),
  /** Until when it holds, in seconds since 1970 (RFC 9767 §3.3). */
  exp: z.number().optional(),
})

export type ActiveToken = z.output<typeof activeToken>

/** Anything but what is known is refused: a right that was misread could be more than was granted. */
export const introspectionAnswer = z.union([z.object({ active: z.literal(false) }), activeToken])
