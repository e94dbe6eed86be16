import { OutgoingPayment } from './outgoing-payment.entity.js'
import { TimelineEntry } from './timeline.entity.js'

export { OutgoingPaymentAdvancing } from './advancing.js'
export {
  isEnded,
  type OutgoingPaymentState,
  outgoingPaymentStates,
  outgoingPaymentTransitions,
  type TimelineStep,
} from './lifecycle.js'
export { type Initiator, OutgoingPayment } from './outgoing-payment.entity.js'
export { outgoingPaymentsMigrations } from './outgoing-payments.migrations.js'
export { OutgoingPaymentsModule } from './outgoing-payments.module.js'
export type { OutgoingPaymentScope } from './outgoing-payments.queries.js'
export {
  type CreatedOutgoingPayment,
  type NewOutgoingPayment,
  type NewPaymentToReceiver,
  OutgoingPaymentsService,
} from './outgoing-payments.service.js'
export { OUTGOING_PAYMENTS_QUEUE } from './sending.js'
export { TimelineEntry } from './timeline.entity.js'

export const outgoingPaymentsEntities = [OutgoingPayment, TimelineEntry] as const
