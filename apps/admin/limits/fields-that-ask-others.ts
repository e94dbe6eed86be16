/** Fields whose answer is asked for at other servers: where a receiver is held, and along the path to it. */
export const FIELDS_THAT_ASK_OTHERS: ReadonlySet<string> = new Set([
  'Query.receiver',
  'Mutation.createReceiver',
  'Mutation.completeReceiver',
  'Mutation.createQuote',
  'Mutation.createOutgoingPayment',
  'Mutation.createOutgoingPaymentFromIncomingPayment',
])
