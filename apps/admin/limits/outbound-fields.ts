/** Fields that call other servers: the server that holds a receiver, and the peers on the path to it. */
export const OUTBOUND_FIELDS: ReadonlySet<string> = new Set([
  'Query.receiver',
  'Mutation.createReceiver',
  'Mutation.completeReceiver',
  'Mutation.createQuote',
  'Mutation.createOutgoingPayment',
  'Mutation.createOutgoingPaymentFromIncomingPayment',
])
