import { PaymentMethod, type PayResult } from '@kivuko/payment-methods'
import { beforeEach, describe, expect, it } from 'vitest'
import { PaymentAttempts } from './attempt.js'
import type { OutgoingPayment } from './outgoing-payment.entity.js'
import { LossyPath, payment } from './testing/lossy-path.js'

/** Pays as the test says. */
class ScriptedMethod extends PaymentMethod {
  pay = async (): Promise<PayResult> => ({ deliveredAmount: 0n, fulfilledAmount: 0n })

  async price(): Promise<never> {
    throw new Error('nothing is priced here')
  }
}

const refusal = { reason: 'ClosedByReceiver', message: 'the receiver closed the connection', isRetryable: true }
const live = { ...payment, quote: { ...payment.quote, expiresAt: new Date(10_000_000) } }

let path: LossyPath
let method: ScriptedMethod
let attempts: PaymentAttempts

beforeEach(async () => {
  path = await LossyPath.open()
  method = new ScriptedMethod()
  attempts = new PaymentAttempts(path.accounts, path.receivers, { for: () => method }, path.unknownPackets, path.clock)
})

const make = (changes: Partial<OutgoingPayment> = {}) =>
  attempts.make({ ...live, ...changes }, new AbortController().signal)

describe('an attempt', () => {
  it('tells what has arrived together with what it has cost', async () => {
    method.pay = async () => {
      await path.deliver(10n, 100n)
      return { deliveredAmount: 200n, fulfilledAmount: 100n, error: refusal }
    }
    expect(await make()).toMatchObject({
      deliveredAmount: 200n,
      known: { sentAmount: 100n, deliveredAmount: 200n },
      error: refusal,
      account: { sentAmount: 100n, availableAmount: 900n },
    })
  })

  it('charges what was fulfilled, though the ledger has not confirmed its post', async () => {
    method.pay = async () => {
      await path.lose(10n, 100n)
      path.received = 700n
      path.expire()
      return { deliveredAmount: 200n, fulfilledAmount: 100n, error: refusal }
    }
    expect(await make()).toMatchObject({
      deliveredAmount: 200n,
      known: { sentAmount: 100n, deliveredAmount: 200n },
    })
    expect(await path.account()).toEqual({ sent: 100n, reserved: 0n })
  })

  it('leaves nothing reserved when all has arrived and an answer was lost', async () => {
    method.pay = async () => {
      await path.deliver(10n, 990n)
      await path.lose(11n, 10n)
      path.received = 2_480n
      path.expire()
      return { deliveredAmount: 1_980n, fulfilledAmount: 990n }
    }
    const attempted = await make()
    expect(attempted).toMatchObject({ deliveredAmount: 1_980n, known: { sentAmount: 990n } })
    expect(attempted.error).toBeUndefined()
    expect(await path.account()).toEqual({ sent: 990n, reserved: 0n })
  })

  it('does not say what the account shows while packets of unknown end are reserved in it', async () => {
    method.pay = async () => {
      await path.deliver(10n, 990n)
      await path.lose(11n, 10n)
      path.received = undefined
      path.expire()
      return { deliveredAmount: 1_980n, fulfilledAmount: 990n }
    }
    expect(await make()).toMatchObject({ deliveredAmount: 1_980n, account: undefined })
  })
})

describe('an attempt after one that was cut off', () => {
  // It had posted 1.00, and lost another answer; nothing of it was written down.
  beforeEach(async () => {
    await path.deliver(10n, 100n)
    await path.lose(11n, 100n)
    path.expire()
  })

  it('begins with what has arrived of both', async () => {
    path.received = 900n
    let asked: unknown
    method.pay = async (...request: unknown[]) => {
      asked = request[0]
      return { deliveredAmount: 1_580n, fulfilledAmount: 790n }
    }
    expect(await make()).toMatchObject({ deliveredAmount: 1_980n })
    expect(asked).toMatchObject({ sentAmount: 200n, deliverAmount: 1_580n })
  })

  it('writes nothing down of the one that nobody knows how much it brought, while the receiver cannot be read', async () => {
    path.received = undefined
    expect(await make()).toMatchObject({
      known: { sentAmount: 0n, deliveredAmount: 0n },
      error: { reason: 'ReceiverUnavailable', isRetryable: true },
    })
    path.received = 700n
    // Had the 1.00 been written down as sent without what it brought, the second one would be charged for it now.
    method.pay = async () => ({ deliveredAmount: 0n, fulfilledAmount: 0n, error: refusal })
    expect(await make()).toMatchObject({ deliveredAmount: 200n, known: { sentAmount: 100n, deliveredAmount: 200n } })
    expect(await path.account()).toEqual({ sent: 100n, reserved: 0n })
  })
})
