import type { IncomingPayment } from '@kivuko/incoming-payments'
import type { OutgoingPayment } from '@kivuko/outgoing-payments'
import type { Quote } from '@kivuko/quotes'
import type { WalletAddress } from '@kivuko/wallet-addresses'
import { expect } from 'vitest'
import { waitFor } from '../../harness/wait-for.js'
import { OPERATOR, type PaymentsProcess } from './payments-process.js'

// An attempt may wait for a ledger that is away several times, and then until another may be made.
const LONGEST_MS = 120_000

export const STEPS = ['receiver', 'quote', 'order', 'deposit', 'send', 'withdraw'] as const
export type Step = (typeof STEPS)[number]

/** What a payment costs and brings. */
export interface Terms {
  readonly from: WalletAddress
  readonly to: WalletAddress
  readonly debit: bigint
  readonly received: bigint
}

/** A payment on one node from its receiver to the withdrawal of what was received, step by step. */
export class SteppedPayment {
  private incoming: IncomingPayment | undefined
  private quoted: Quote | undefined
  private outgoing: OutgoingPayment | undefined

  constructor(
    private readonly rooms: PaymentsProcess,
    private readonly terms: Terms,
  ) {}

  async take(steps: readonly Step[]): Promise<void> {
    for (const step of steps) await this[step]()
  }

  async receiver(): Promise<void> {
    const { to, received: incomingAmount } = this.terms
    const asked = { tenantId: OPERATOR, walletAddressId: to.id, initiatedBy: 'ADMIN', incomingAmount } as const
    this.incoming = await this.rooms.incomingPayments.create(asked)
  }

  async quote(): Promise<void> {
    const { quotes, incomingPayments } = this.rooms
    const receiver = incomingPayments.url(made(this.incoming))
    this.quoted = await quotes.create({ tenantId: OPERATOR, walletAddressId: this.terms.from.id, receiver })
    expect(this.quoted).toMatchObject({ debitAmount: this.terms.debit, receiveAmount: this.terms.received })
  }

  async order(): Promise<void> {
    const order = { tenantId: OPERATOR, walletAddressId: this.terms.from.id, initiatedBy: 'ADMIN' } as const
    this.outgoing = await this.rooms.outgoingPayments.create({ ...order, quoteId: made(this.quoted).id })
  }

  async deposit(): Promise<void> {
    const { id } = made(this.outgoing)
    expect(await this.rooms.outgoingPayments.fund({ tenantId: OPERATOR, id })).toMatchObject({ state: 'SENDING' })
  }

  /** One attempt, if one is due. */
  attempt(): Promise<void> {
    return this.rooms.advancing.advance(made(this.outgoing).id)
  }

  /** Attempts as they fall due, until the payment ends. */
  async send(): Promise<void> {
    const { id } = made(this.outgoing)
    const state = async () => (await this.rooms.outgoingPayments.get(OPERATOR, id)).state
    const isEnded = async () => {
      await this.attempt()
      return (await state()) !== 'SENDING'
    }
    await waitFor('the payment ends', isEnded, { deadlineMs: LONGEST_MS })
    const { debit: sentAmount, received: deliveredAmount } = this.terms
    const ended = await this.rooms.outgoingPayments.get(OPERATOR, id)
    expect(ended).toMatchObject({ state: 'COMPLETED', sentAmount, deliveredAmount, leftoverAmount: 0n })
  }

  withdraw(): Promise<void> {
    const { id } = made(this.incoming)
    // Asked again after an outage it is the same call.
    return this.rooms.incomingPayments.withdraw({ tenantId: OPERATOR, id, timeoutSeconds: 0n, call: `withdraw ${id}` })
  }

  /** The ids of the accounts that are to have let through exactly what was debited and received. */
  accounts(): { readonly outgoing: string; readonly incoming: string } {
    return { outgoing: made(this.outgoing).id, incoming: made(this.incoming).id }
  }
}

function made<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a step that this one needs was not taken')
  return value
}
