import { idFromUuid, TransferCode } from '@kivuko/accounting'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeOnEachLedger, type LedgerChoice } from '../ledger/each-ledger.js'
import { Bank, OPERATOR, type PaymentsProcess, startPayments } from './payments-process.js'

// Some ledgers remember ids that they have refused, and refuse them for ever.
describeOnEachLedger('events whose id the ledger has refused before', (openLedger) => {
  let ledger: LedgerChoice
  let bank: Bank
  let secondProcess: PaymentsProcess

  beforeAll(async () => {
    ledger = await openLedger()
    bank = await Bank.open('event-liquidity', ledger.env)
    secondProcess = await startPayments(bank.database, ledger.env)
  })
  afterAll(async () => {
    await secondProcess?.close()
    await bank?.close()
    await ledger?.close()
  })

  async function refuse(eventId: string, accountId: string): Promise<void> {
    const accounts = { debitAccountId: 4_711n, creditAccountId: idFromUuid(accountId) }
    const leg = { id: idFromUuid(eventId), ledger: 1, amount: 1n, code: TransferCode.transfer, ...accounts }
    expect(await bank.rooms.ledger.transfer([leg])).toMatchObject({ kind: 'refused', refusal: 'unknown-debit-account' })
  }

  function succeeded(answers: readonly PromiseSettledResult<unknown>[]): number {
    return answers.filter(({ status }) => status === 'fulfilled').length
  }

  it('are funded, by one of many calls in two processes', async () => {
    const { id, createdEventId } = await bank.order(1_000n)
    await refuse(createdEventId, id)
    const processes = Array.from({ length: 8 }, () => [bank.rooms, secondProcess]).flat()
    const fundings = processes.map(({ outgoingPayments }) => outgoingPayments.fund({ tenantId: OPERATOR, id }))
    expect(succeeded(await Promise.allSettled(fundings))).toBe(1)
    expect(await bank.balance(id)).toMatchObject({ creditsPosted: 1_000n })
  })

  it('are withdrawn, by one of many calls in two processes', async () => {
    const { id } = await bank.ask({ incomingAmount: 500n })
    const { incomingPayments } = bank.rooms
    await bank.credit(await incomingPayments.get(OPERATOR, id), 500n)
    const { finalEventId } = await incomingPayments.get(OPERATOR, id)
    await refuse(finalEventId ?? '', id)
    const processes = Array.from({ length: 8 }, () => [bank.rooms, secondProcess]).flat()
    const withdrawal = { tenantId: OPERATOR, id, timeoutSeconds: 60n }
    const answers = await Promise.allSettled(processes.map((process) => process.incomingPayments.withdraw(withdrawal)))
    expect(succeeded(answers)).toBe(1)
    expect(await bank.balance(id)).toMatchObject({ debitsPending: 500n, debitsPosted: 0n })
  })
})
