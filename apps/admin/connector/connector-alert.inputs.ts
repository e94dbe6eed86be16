import { z } from 'zod'
import { uuid } from '../inputs/fields.js'

export const DismissConnectorAlert = z.object({ id: uuid })
