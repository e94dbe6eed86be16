import { z } from 'zod'
import { name, optional, uuid } from '../inputs/fields.js'

const amount = z.bigint().nullish()

const http = z.object({
  incoming: optional(z.object({ authTokens: z.array(z.string()) })),
  outgoing: z.object({ authToken: z.string(), endpoint: z.string() }),
})

const limits = z.object({
  packetsPerMinute: z.number().nullable().optional(),
  incomingAmountPerSecond: z.bigint().nullable().optional(),
  outgoingAmountPerSecond: z.bigint().nullable().optional(),
})

const settings = {
  name: name.nullish(),
  routes: z.array(z.string()).nullish(),
  maxPacketAmount: amount,
  liquidityThreshold: amount,
  limits: optional(limits),
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
