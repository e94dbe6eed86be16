import { deliver } from './deliver.js'
import { LimitBuckets } from './limit-buckets.js'
import { PacketsInFlight } from './packets-in-flight.js'
import { PeerPlaces } from './peer-places.js'
import type { PipelineParts } from './pipeline-parts.js'
import { refuseAt } from './refuse.js'
import { fold, type Handler } from './step.js'
import type { NamedSteps } from './step-times.js'
import { announceCredit } from './steps/announce-credit.js'
import { answerCharged } from './steps/answer-charged.js'
import { answerEcho } from './steps/answer-echo.js'
import { answerFaults } from './steps/answer-faults.js'
import { answerPeerProtocols } from './steps/answer-peer-protocols.js'
import { awaitPlace } from './steps/await-place.js'
import { checkFulfillment } from './steps/check-fulfillment.js'
import { checkLink } from './steps/check-link.js'
import { convertAmount } from './steps/convert-amount.js'
import { expireInTime } from './steps/expire-in-time.js'
import { findDestination } from './steps/find-destination.js'
import { joinDuplicates } from './steps/join-duplicates.js'
import { limitOutgoingThroughput } from './steps/limit-outgoing-throughput.js'
import { limitPacketAmount } from './steps/limit-packet-amount.js'
import { limitRate } from './steps/limit-rate.js'
import { limitThroughput } from './steps/limit-throughput.js'
import { refuseWhenStale } from './steps/refuse-when-stale.js'
import { reserveFunds } from './steps/reserve-funds.js'
import { shortenExpiry } from './steps/shorten-expiry.js'

/** The way of every packet, read from top to bottom; answers come back from bottom to top. */
export function buildPipeline(parts: PipelineParts): Handler {
  const { address, charging, feed, peers, rates, receiver, transport, stepTimes } = parts
  const { clock, logger, metrics, ledger } = charging
  const { buckets = new LimitBuckets(), inFlight = new PacketsInFlight() } = parts
  const { places = new PeerPlaces(clock) } = parts
  const refuse = refuseAt(address)
  const steps: NamedSteps = {
    answerFaults: answerFaults(logger, refuse),
    joinDuplicates: joinDuplicates(clock, inFlight),
    answerCharged: answerCharged(charging, refuse),
    refuseWhenStale: refuseWhenStale(feed, refuse),
    limitRate: limitRate(buckets.packets, clock, refuse),
    limitPacketAmount: limitPacketAmount(refuse),
    limitThroughput: limitThroughput(buckets.incomingAmount, clock, refuse),
    answerPeerProtocols: answerPeerProtocols(address, refuse),
    answerEcho: answerEcho(address, refuse),
    findDestination: findDestination(peers, receiver, address, refuse),
    convertAmount: convertAmount(rates, refuse),
    limitOutgoingThroughput: limitOutgoingThroughput(buckets.outgoingAmount, clock, refuse),
    shortenExpiry: shortenExpiry(clock, charging, refuse),
    checkLink: checkLink(transport, metrics, refuse),
    awaitPlace: awaitPlace(places, charging, refuse),
    announceCredit: announceCredit({ receiver, ledger, logger, metrics }, refuse),
    reserveFunds: reserveFunds(charging, refuse),
    expireInTime: expireInTime(clock, logger, metrics, refuse),
    checkFulfillment: checkFulfillment(refuse),
  }
  const last = deliver(transport, clock, refuse)
  return stepTimes ? stepTimes.fold(steps, last) : fold(Object.values(steps), last)
}
