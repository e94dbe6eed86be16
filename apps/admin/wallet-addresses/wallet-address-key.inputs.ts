import { z } from 'zod'
import { uuid } from '../inputs/fields.js'

export const CreateWalletAddressKey = z.object({
  walletAddressId: uuid,
  // The schema takes one algorithm, type and curve only.
  jwk: z.object({ kid: z.string(), x: z.string() }),
})

export const RevokeWalletAddressKey = z.object({ id: uuid })
