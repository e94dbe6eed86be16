import type { Clock, Config } from '@kivuko/platform'
import type { OnDeactivation } from '@kivuko/wallet-addresses'
import { SETTLING_MS } from './closing.js'
import { shortenOpenPayments } from './incoming-payments.queries.js'
import type { RecentRows } from './recent-rows.js'

/**
 * A deactivated wallet address still takes what senders have begun to pay, for a while. Processes that hold a payment in
 * memory go by its former expiry until the worker closes it in time and tells them.
 */
export function shortenPayments(
  { walletAddressDeactivationPaymentGracePeriodMs: graceMs }: Config,
  clock: Clock,
  recent: Pick<RecentRows, 'forgetAll'>,
): OnDeactivation {
  return async (db, { id }) => {
    recent.forgetAll()
    const until = new Date(clock.nowMs() + graceMs)
    await shortenOpenPayments(db, id, until, new Date(until.getTime() + SETTLING_MS))
  }
}
