import { fulfillmentMatches } from '@kivuko/ilp'
import type { Refuse } from '../refuse.js'
import type { Step } from '../step.js'

/** F05 for a fulfill that does not prove anything: nobody pays for it. */
export function checkFulfillment(refuse: Refuse): Step {
  return (next) => (packet) =>
    next(packet).then((reply) => {
      if (reply.type === 'reject' || fulfillmentMatches(packet.prepare.executionCondition, reply.fulfillment))
        return reply
      return refuse(packet, 'F05', 'fulfillment did not match expected value.')
    })
}
