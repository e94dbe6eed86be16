import { describe, expect, it } from 'vitest'
import { type IncomingStanding, incomingDiffers, type OutgoingStanding, outgoingDiffers } from './payment-check.js'

const NOTHING = { debitsPosted: 0n, debitsPending: 0n, creditsPosted: 0n, creditsPending: 0n, creditLine: 0n }

/** A payment of 100 that has sent 90 and keeps a fee of 10. */
const outgoing: OutgoingStanding = {
  id: 'p',
  state: 'COMPLETED',
  debitAmount: 100n,
  sentAmount: 90n,
  balance: { ...NOTHING, creditsPosted: 100n, debitsPosted: 90n },
  withdrawn: 0n,
  withdrawing: 0n,
}

const incoming: IncomingStanding = {
  id: 'p',
  state: 'COMPLETED',
  receivedAmount: 90n,
  balance: { ...NOTHING, creditsPosted: 90n },
}

describe('an outgoing payment fits its account', () => {
  it.each<[string, Partial<OutgoingStanding>]>([
    ['FUNDING without money', { state: 'FUNDING', sentAmount: 0n, balance: NOTHING }],
    ['CANCELLED without money', { state: 'CANCELLED', sentAmount: 0n, balance: NOTHING }],
    [
      'CANCELLED after a deposit that came too late and went back',
      {
        state: 'CANCELLED',
        sentAmount: 0n,
        withdrawn: 100n,
        balance: { ...NOTHING, creditsPosted: 100n, debitsPosted: 100n },
      },
    ],
    ['SENDING while its row is behind', { state: 'SENDING', sentAmount: 0n }],
    ['COMPLETED', {}],
    ['FAILED in the middle', { state: 'FAILED' }],
    ['COMPLETED and emptied', { withdrawn: 10n, balance: { ...NOTHING, creditsPosted: 100n, debitsPosted: 100n } }],
    ['COMPLETED with an open withdrawal', { withdrawing: 10n, balance: { ...outgoing.balance, debitsPending: 10n } }],
  ])('%s', (_name, changes) => {
    expect(outgoingDiffers({ ...outgoing, ...changes })).toBeUndefined()
  })
})

describe('an outgoing payment differs from its account', () => {
  it.each<[string, Partial<OutgoingStanding>]>([
    ['FUNDING with money', { state: 'FUNDING' }],
    ['CANCELLED with money', { state: 'CANCELLED' }],
    ['SENDING without the whole money', { state: 'SENDING', balance: { ...NOTHING, creditsPosted: 99n } }],
    ['COMPLETED with less sent than its row says', { sentAmount: 91n }],
    ['COMPLETED with a reservation left', { balance: { ...outgoing.balance, debitsPending: 1n } }],
    [
      'COMPLETED with a reservation beside an open withdrawal',
      { withdrawing: 10n, balance: { ...outgoing.balance, debitsPending: 11n } },
    ],
    ['FAILED with more gone than sent and withdrawn', { state: 'FAILED', withdrawn: 5n }],
    ['in a state nobody knows', { state: 'LOST' }],
  ])('%s', (_name, changes) => {
    expect(outgoingDiffers({ ...outgoing, ...changes })).toMatchObject({
      kind: 'payment-differs',
      subject: 'outgoing payment p',
    })
  })

  it('says what was expected and what was found', () => {
    expect(outgoingDiffers({ ...outgoing, sentAmount: 91n })).toMatchObject({
      expected: 'COMPLETED: funded with 100, sent 91, nothing reserved',
      found: 'COMPLETED: account has credits 100, debits 90, reserved 0, withdrawn 0',
    })
  })
})

describe('an incoming payment fits its account', () => {
  it.each<[string, Partial<IncomingStanding>]>([
    ['PENDING', { state: 'PENDING', receivedAmount: 0n, balance: NOTHING }],
    [
      'PROCESSING with a packet on its way',
      { state: 'PROCESSING', balance: { ...incoming.balance, creditsPending: 5n } },
    ],
    ['COMPLETED', {}],
    ['EXPIRED with what had come', { state: 'EXPIRED' }],
  ])('%s', (_name, changes) => {
    expect(incomingDiffers({ ...incoming, ...changes })).toBeUndefined()
  })
})

describe('an incoming payment differs from its account', () => {
  it.each<[string, Partial<IncomingStanding>]>([
    ['PENDING with money', { state: 'PENDING', receivedAmount: 0n }],
    ['PROCESSING behind its account', { state: 'PROCESSING', receivedAmount: 80n }],
    ['COMPLETED with more than its row says', { receivedAmount: 89n }],
    ['COMPLETED with a reservation left', { balance: { ...incoming.balance, creditsPending: 1n } }],
    ['in a state nobody knows', { state: 'LOST' }],
  ])('%s', (_name, changes) => {
    expect(incomingDiffers({ ...incoming, ...changes })).toMatchObject({
      kind: 'payment-differs',
      subject: 'incoming payment p',
    })
  })
})
