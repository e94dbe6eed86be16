import type { StartedPayment } from '../bank/pay.js'
import { PlaygroundError, waitUntil } from '../network/wait-until.js'
import { showAmount } from '../print/money.js'
import type { Scene } from './setup.js'

const DEADLINE_MS = 30_000
const ENDED = ['COMPLETED', 'FAILED', 'CANCELLED']

/** A payment that arrived: its id at the sender's node and at the receiver's. */
export interface PaidPayment extends StartedPayment {
  readonly incomingPaymentId: string
}

/** Alice's bank takes her order; then everything happens between the four processes, and we only watch. */
export async function pay(scene: Scene, amount: string): Promise<PaidPayment> {
  const { alpha, beta, alice, bob } = scene
  const started = await alpha.bank.pay({ from: alice.name, to: bob.walletAddress, amount })
  const incomingPaymentId = started.receiver.slice(started.receiver.lastIndexOf('/') + 1)
  await sent(scene, started.paymentId)
  await received(scene, incomingPaymentId)
  await waitUntil(
    {
      what: 'both banks to book the payment',
      deadlineMs: DEADLINE_MS,
      children: [beta.institution.bank, alpha.institution.bank],
    },
    async () => ((await booked(scene)) ? true : undefined),
  )
  return { ...started, incomingPaymentId }
}

async function sent({ alpha }: Scene, paymentId: string): Promise<void> {
  const { node, bank, name } = alpha.institution
  const payment = await waitUntil(
    { what: `outgoing payment ${paymentId} at ${name}`, deadlineMs: DEADLINE_MS, children: [node, bank] },
    async () => {
      const found = await alpha.progress.outgoingPayment(paymentId)
      if (!ENDED.includes(found.state)) throw new Error(`its state is ${found.state}`)
      return found
    },
  )
  if (payment.state !== 'COMPLETED') {
    throw new PlaygroundError(`the payment ended ${payment.state}: ${payment.error ?? 'no reason was given'}`, node)
  }
}

async function received({ beta }: Scene, incomingPaymentId: string): Promise<void> {
  const { node, bank, name } = beta.institution
  await waitUntil(
    { what: `incoming payment ${incomingPaymentId} at ${name}`, deadlineMs: DEADLINE_MS, children: [node, bank] },
    async () => {
      const { state, receivedAmount } = await beta.progress.incomingPayment(incomingPaymentId)
      if (state !== 'COMPLETED') throw new Error(`its state is ${state}, received ${showAmount(receivedAmount)}`)
      return true
    },
  )
}

/** Alice's bank has nothing on hold any more, bob's has credited him. */
async function booked({ alpha, beta, alice, bob }: Scene): Promise<boolean> {
  const [atAlpha, atBeta] = await Promise.all([alpha.bank.customers(), beta.bank.customers()])
  const payer = atAlpha.find(({ name }) => name === alice.name)
  const payee = atBeta.find(({ name }) => name === bob.name)
  return payer?.held === 0n && payer.balance < alice.balance && payee !== undefined && payee.balance > bob.balance
}
