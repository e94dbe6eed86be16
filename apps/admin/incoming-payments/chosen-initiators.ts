import type { Initiator } from '@kivuko/incoming-payments'
import { chosenFrom, type Filtered } from '../pages/filters.js'

const initiators = ['ADMIN', 'OPEN_PAYMENTS'] as const satisfies readonly Initiator[]

/** Whose payments a filter wants by who initiated them: of the two there are, any, none or one can be wanted. */
export function chosenInitiators(filter: Filtered<'initiatedBy'>['filter']): Initiator | 'any' | 'none' {
  const chosen = chosenFrom(initiators, filter?.initiatedBy)
  return chosen.length === initiators.length ? 'any' : (chosen[0] ?? 'none')
}
