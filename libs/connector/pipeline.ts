import { deliver } from './deliver.js'
import { LimitBuckets } from './limit-buckets.js'
import type { PipelineParts } from './pipeline-parts.js'
import { refuseAt } from './refuse.js'
import { fold, type Handler } from './step.js'
import type { NamedSteps } from './step-times.js'
import { announceCredit } from './steps/announce-credit.js'
import { answerEcho } from './steps/answer-echo.js'
import { answerFaults } from './steps/answer-faults.js'
import { answerPeerProtocols } from './steps/answer-peer-protocols.js'
import { checkFulfillment } from './steps/check-fulfillment.js'
import { convertAmount } from './steps/convert-amount.js'
import { expireInTime } from './steps/expire-in-time.js'
import { findDestination } from './steps/find-destination.js'
import { joinDuplicates } from './steps/join-duplicates.js'
import { limitOutgoingThroughput } from './steps/limit-outgoing-throughput.js'
import { limitPacketAmount } from './steps/limit-packet-amount.js'
import { limitRate } from './steps/limit-rate.js'
import { limitThroughput } from './steps/limit-throughput.js'
import { reserveFunds } from './steps/reserve-funds.js'
import { shortenExpiry } from './steps/shorten-expiry.js'

/** The way of every packet, read from top to bottom; answers come back from bottom to top. */
export function buildPipeline(parts: PipelineParts): Handler {
  const {
    address,
    clock,
    logger,
    metrics,
    peers,
    rates,
    receiver,
    transport,
    stepTimes,
    buckets = new LimitBuckets(),
  } = parts
  const refuse = refuseAt(address)
  const steps: NamedSteps = {
    answerFaults: answerFaults(logger, refuse),
    limitRate: limitRate(buckets.packets, clock, refuse),
    limitPacketAmount: limitPacketAmount(refuse),
    limitThroughput: limitThroughput(buckets.incomingAmount, clock, refuse),
    answerPeerProtocols: answerPeerProtocols(address, refuse),
    answerEcho: answerEcho(address, refuse),
    findDestination: findDestination(peers, receiver, address, refuse),
    convertAmount: convertAmount(rates, refuse),
    limitOutgoingThroughput: limitOutgoingThroughput(buckets.outgoingAmount, clock, refuse),
    joinDuplicates: joinDuplicates(),
    announceCredit: announceCredit(parts, refuse),
    reserveFunds: reserveFunds(parts, refuse),
    shortenExpiry: shortenExpiry(clock, parts, refuse),
    expireInTime: expireInTime(clock, logger, metrics, refuse),
    checkFulfillment: checkFulfillment(refuse),
  }
  const last = deliver(transport, clock, refuse)
  return stepTimes ? stepTimes.fold(steps, last) : fold(Object.values(steps), last)
}
