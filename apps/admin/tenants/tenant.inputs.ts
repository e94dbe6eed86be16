import { tenantSettingKeys } from '@kivuko/tenants'
import { z } from 'zod'
import { optional, uuid } from '../inputs/fields.js'

const settings = z
  .array(z.object({ key: z.enum(tenantSettingKeys), value: z.string() }))
  .max(20, { error: 'takes at most 20 settings' })

const description = {
  email: z.string().nullish(),
  publicName: z.string().nullish(),
  idpConsentUrl: z.string().nullish(),
  idpSecret: z.string().nullish(),
}

export const CreateTenant = z.object({
  id: optional(uuid),
  apiSecret: z.string(),
  ...description,
  settings: optional(settings),
})

export const UpdateTenant = z.object({ id: uuid, apiSecret: optional(z.string()), ...description })

export const CreateTenantSettings = z.object({ tenantId: optional(uuid), settings })

export const RotateWebhookSecret = z.object({ tenantId: optional(uuid), keepFormerSeconds: z.number() })
