import type { IncomingPayment } from './incoming-payment.entity.js'

const PATH = /^\/([0-9a-f-]{36})\/incoming-payments\/([0-9a-f-]{36})$/

/** `<Open Payments base>/<tenant>/incoming-payments/<id>`: how the world names an incoming payment of this node. */
export function incomingPaymentUrl(
  openPaymentsUrl: string,
  { tenantId, id }: Pick<IncomingPayment, 'tenantId' | 'id'>,
): string {
  return `${openPaymentsUrl}/${tenantId}/incoming-payments/${id}`
}

/** Undefined for any other address, also for one of another node. */
export function readIncomingPaymentUrl(
  openPaymentsUrl: string,
  url: string,
): Pick<IncomingPayment, 'tenantId' | 'id'> | undefined {
  if (!url.startsWith(`${openPaymentsUrl}/`)) return undefined
  const [, tenantId, id] = PATH.exec(url.slice(openPaymentsUrl.length)) ?? []
  return tenantId === undefined || id === undefined ? undefined : { tenantId, id }
}
