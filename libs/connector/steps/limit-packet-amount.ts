import { encodeAmountTooLarge } from '@kivuko/ilp'
import type { Refuse } from '../refuse.js'
import type { Step } from '../step.js'

/** F08 for a packet larger than its peer may send; the data lets the sender find the right size at once. */
export function limitPacketAmount(refuse: Refuse): Step {
  return (next) => (packet) => {
    const receivedAmount = packet.prepare.amount
    const maximumAmount = packet.source.kind === 'peer' ? packet.source.peer.maxPacketAmount : null
    if (maximumAmount === null || receivedAmount <= maximumAmount) return next(packet)
    const message = `packet size too large. maxAmount=${maximumAmount} actualAmount=${receivedAmount}`
    return refuse(packet, 'F08', message, encodeAmountTooLarge({ receivedAmount, maximumAmount }))
  }
}
