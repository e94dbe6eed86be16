import type { StreamCredentials } from '@kivuko/incoming-payments'

/** RFC 9 §4.2, with RFC 39's word about receipts. */
export function spspView({ ilpAddress, sharedSecret }: StreamCredentials, hasReceipts: boolean) {
  return {
    destination_account: ilpAddress,
    shared_secret: sharedSecret.toString('base64url'),
    receipts_enabled: hasReceipts,
  }
}

/** RFC 9 §4.3: the answer with status 404. */
export const invalidReceiver = { id: 'InvalidReceiverError', message: 'Invalid receiver ID' } as const
