import type { Quote } from '@kivuko/quotes'
import type { Addresses } from '../addresses.js'
import { amountView } from '../bodies/amount.view.js'
