import type { Reply } from '@kivuko/ilp'
import type { Clock, Logger } from '@kivuko/platform'
import type { ConnectorMetrics } from '../connector-metrics.js'
import { destinationOf, type Packet } from '../packet.js'
import type { Refuse } from '../refuse.js'
import { type Handler, rejecting, type Step } from '../step.js'

/** R00 when the answer does not come before the expiry. A fulfill that comes later does not count (RFC 27). */
export function expireInTime(clock: Clock, logger: Logger, metrics: ConnectorMetrics, refuse: Refuse): Step {
  return (next) => {
    const ask = rejecting(next)
    return (packet) => answerInTime(packet, ask)
  }

  function answerInTime(packet: Packet, ask: Handler): Promise<Reply> {
    return new Promise((resolve, reject) => {
      let isExpired = false
      const timer = setTimeout(() => {
        isExpired = true
        packet.isUnresolved = destinationOf(packet).kind === 'peer'
        resolve(refuse(packet, 'R00', 'packet expired.'))
      }, packet.deliveryExpiresAtMs - clock.nowMs())
      ask(packet).then(
        (reply) => {
          clearTimeout(timer)
          if (isExpired) noteLateReply(packet, reply)
          else resolve(reply)
        },
        (error) => {
          clearTimeout(timer)
          if (!isExpired) {
            reject(error)
            return
          }
          logger.error({ err: error }, 'the delivery of an expired packet failed')
          packet.settleLate?.(undefined)
        },
      )
    })
  }

  function noteLateReply(packet: Packet, reply: Reply): void {
    packet.settleLate?.(packet.isLost ? undefined : reply)
    if (reply.type === 'reject') return
    const destination = destinationOf(packet)
    metrics.fulfilledLate(destination)
    logger.debug(
      {
        peer: destination.id,
        amount: packet.destinationAmount.toString(),
        lateMs: clock.nowMs() - packet.deliveryExpiresAtMs,
      },
      'a peer fulfilled a packet after its expiry, when it had been rejected already',
    )
  }
}
