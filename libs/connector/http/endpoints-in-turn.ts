import type { Clock } from '@kivuko/platform'
import { type Delivery, isForNow } from '../deliver.js'
import { notSent } from '../http-transport.js'
import type { PeerEndpoint } from '../peer-endpoint.js'

export interface Turn {
  /** In the order in which they are tried; one that keeps failing is passed over by its circuit breaker. */
  readonly endpoints: readonly PeerEndpoint[]
  /** Whether what one of them took is known at all of them. */
  readonly areOneNode: boolean
  readonly bytes: Buffer
  readonly timeoutMs: number
  readonly sendTo: (endpoint: PeerEndpoint, leftMs: number) => Promise<Delivery>
}

/**
 * Sends a packet to the first endpoint that takes it. Two nodes that both got it would both fulfill it, and we would
 * be charged twice for what our source pays once: so another one is asked only when the first certainly did not take
 * the packet. Endpoints of one node recognize the bytes, and may all be asked.
 */
export class EndpointsInTurn {
  /** Where a packet may have arrived. The bytes are the same object each time a packet is sent again. */
  private readonly mayBeAt = new WeakMap<Buffer, string>()

  constructor(private readonly clock: Clock) {}

  async send({ endpoints, areOneNode, bytes, timeoutMs, sendTo }: Turn): Promise<Delivery> {
    const expiresAtMs = this.clock.nowMs() + timeoutMs
    const only = this.mayBeAt.get(bytes)
    const candidates = only === undefined ? endpoints : endpoints.filter(({ id }) => id === only)
    let lost: Delivery | undefined = only === undefined ? undefined : { kind: 'lost', message: 'its answer was lost' }
    let last: Delivery = notSent('the packet expired before it was sent')
    for (const endpoint of candidates) {
      const leftMs = expiresAtMs - this.clock.nowMs()
      if (leftMs <= 0) break
      last = await sendTo(endpoint, leftMs)
      if (last.kind === 'replied' && !(lost && isForNow(last.reply))) return last
      if (last.kind === 'lost') lost = last
      if (areOneNode || (last.kind === 'refused' && last.isNotTaken)) continue
      if (last.kind === 'lost') this.mayBeAt.set(bytes, endpoint.id)
      break
    }
    return lost ?? last
  }
}
