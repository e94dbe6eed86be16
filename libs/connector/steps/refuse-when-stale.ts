import type { ChangeFeed } from '@kivuko/platform'
import type { Refuse } from '../refuse.js'
import type { Step } from '../step.js'

/** T03 while memory may be stale: a revoked token or a deleted peer would not be known here. */
export function refuseWhenStale(feed: Pick<ChangeFeed, 'isSilent'>, refuse: Refuse): Step {
  return (next) => (packet) =>
    feed.isSilent()
      ? refuse(packet, 'T03', 'this node cannot hear of changes at the moment, try again later')
      : next(packet)
}
