import { z } from 'zod'
import { name, optional, uuid } from '../inputs/fields.js'

const amount = z.bigint().nullish()

const modes = { SYNCHRONOUS: 'synchronous', ASYNCHRONOUS: 'asynchronous' } as const

const incoming = z.object({
  authTokens: z.array(z.string()).nullish(),
  keepEarlierTokens: z.boolean().nullish(),
  jwt: z.object({ subject: z.string(), secrets: z.array(z.string()) }).nullish(),
  callbackUrl: z.string().nullish(),
})

const outgoing = z.object({
  authToken: z.string(),
  endpoint: z.string(),
  jwtSubject: z.string().nullish(),
  mode: z
    .enum(['SYNCHRONOUS', 'ASYNCHRONOUS'])
    .transform((mode) => modes[mode])
    .nullish(),
  furtherEndpoints: z.array(z.string()).nullish(),
  endpointsAreOneNode: z.boolean().nullish(),
  chargesRepeatsOnce: z.boolean().nullish(),
})

const http = z.object({ incoming: optional(incoming), outgoing })

const limits = z.object({
  packetsPerMinute: z.number().nullable().optional(),
  incomingAmountPerSecond: z.bigint().nullable().optional(),
  outgoingAmountPerSecond: z.bigint().nullable().optional(),
})

const balanceLimits = z.object({ creditLine: amount, minimum: amount, maximum: amount })

const settings = {
  name: name.nullish(),
  routes: z.array(z.string()).nullish(),
  maxPacketAmount: amount,
  liquidityThreshold: amount,
  limits: optional(limits),
  balanceLimits: optional(balanceLimits),
  reflectPayments: z.boolean().nullish(),
}

export const CreatePeer = z.object({
  ...settings,
  assetId: uuid,
  staticIlpAddress: z.string(),
  http,
  initialLiquidity: amount,
})

/** Null takes a setting away, absence leaves it. */
export const UpdatePeer = z.object({
  ...settings,
  id: uuid,
  staticIlpAddress: z.string().nullish(),
  http: http.nullish(),
})

export const DeletePeer = z.object({ id: uuid })
