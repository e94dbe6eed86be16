import type { Reply } from '@kivuko/ilp'
import type { Logger } from '@kivuko/platform'
import type { Packet } from '../packet.js'
import type { Refuse } from '../refuse.js'
import { rejecting, type Step } from '../step.js'
import { Unanswered } from '../unanswered.js'

/** A step that throws is a bug: it is logged with what led to it, and the sender learns only that it may try again. */
export function answerFaults(logger: Logger, refuse: Refuse): Step {
  return (next) => {
    const ask = rejecting(next)
    return (packet) => ask(packet).catch((error: unknown) => answer(packet, error))
  }

  function answer(packet: Packet, err: unknown): Promise<Reply> {
    if (err instanceof Unanswered) throw err
    const { source, prepare } = packet
    logger.error(
      {
        err,
        source: { kind: source.kind, id: source.id },
        destination: prepare.destination,
        amount: prepare.amount.toString(),
      },
      'a packet could not be handled',
    )
    return refuse(packet, 'T00', 'internal error, try again later')
  }
}
