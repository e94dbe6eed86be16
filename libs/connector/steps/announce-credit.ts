import type { Ledger } from '@kivuko/accounting'
import { type Prepare, type Reply } from '@kivuko/ilp'
import { type Logger } from '@kivuko/platform'
import type { LocalDestination, LocalReceiver } from '../local-receiver.js'
import { destinationOf, ledgerIdOf, type Packet } from '../packet.js'
import type { Refuse } from '../refuse.js'
import type { Handler, Step } from '../step.js'

/**
 * A packet that ends here is shown to the receiver first: what it cannot fulfill, a probe above all, is answered at
 * once. Only what would be fulfilled is announced, and only that comes to the ledger.
 */
export function announceCredit(receiver: LocalReceiver, ledger: Ledger, logger: Logger, refuse: Refuse): Step {
  return (next) => (packet) => {
    const destination = destinationOf(packet)
    return destination.kind === 'peer' ? next(packet) : show(packet, destination, next)
  }

  async function show(packet: Packet, destination: LocalDestination, next: Handler): Promise<Reply> {
    const reply = await receiver.receive(asDelivered(packet), destination)
    packet.localReply = reply
    if (reply.type === 'reject') return reply
    return packet.destinationAmount === 0n ? next(packet) : announced(packet, destination, reply, next)
  }

  async function announced(packet: Packet, to: LocalDestination, reply: Reply, next: Handler): Promise<Reply> {
    const refusal = await receiver.announce(to, packet.destinationAmount)
    if (refusal) {
      // The packet that completed the payment may come again: it is answered as it was.
      return (await wasCharged(packet)) ? reply : refuse(packet, refusal.code, refusal.message, refusal.data)
    }
    let isCredited = false
    try {
      const outcome = await next(packet)
      isCredited = outcome.type === 'fulfill' && !packet.isRepeated
      return outcome
    } finally {
      if (isCredited) credit(to, packet.destinationAmount)
      else receiver.released(to, packet.destinationAmount)
    }
  }

  async function wasCharged(packet: Packet): Promise<boolean> {
    const id = ledgerIdOf(packet)
    return (await ledger.lookup([id])).get(id)?.state === 'posted'
  }

  /** Not awaited: the ledger has the money, the sender gets its answer, and the payment's row follows. */
  function credit(to: LocalDestination, amount: bigint): void {
    receiver.credited(to, amount).catch((err) => {
      logger.error({ err, [to.kind]: to.id, amount: amount.toString() }, 'a credit could not be told to its receiver')
    })
  }
}

function asDelivered({ prepare, destinationAmount }: Packet): Prepare {
  return destinationAmount === prepare.amount ? prepare : { ...prepare, amount: destinationAmount }
}
