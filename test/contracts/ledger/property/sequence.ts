import { AccountCode, type Ledger, type LedgerId, type Outcome, TransferCode } from '@kivuko/accounting'
import { expect } from 'vitest'
import { Draws } from '../../../harness/seed.js'
import { freshId, freshLedger, type LedgerSubject } from '../subject.js'
import { Model, type ModelAccount } from './model.js'
import { type Operation, Operations } from './operations.js'

// A cluster's time cannot be turned but only waited for, so reservations are let expire at two moments of a sequence.
const EXPIRY_AT = [0.3, 0.7]
const EXPIRING = 6
const FUNDS = 400n
// Reached in the course of some sequences.
const MOST_CREDITS = 1_500n
const LIMITS = ['debits', 'debits', 'both', 'both', 'credits', 'none', 'none'] as const

/** Runs one sequence on the ledger and on the model; throws at the first difference. Calls `count` with every outcome. */
export async function runSequence(
  subject: LedgerSubject,
  seed: number,
  length: number,
  count: (outcome: Outcome) => void,
): Promise<void> {
  const { ledger } = subject
  const model = new Model()
  const credit = await openAccounts(ledger, model)
  const operations = new Operations(new Draws('ledger', seed), model, credit)
  const expiring = EXPIRY_AT.map((part) => Math.floor(part * length))
  const apply = async (operation: Operation, step: number) => {
    const outcome = await ask(ledger, operation)
    expect(outcome, `seed ${seed}, step ${step}: ${text(operation)}`).toEqual(expected(model, operation))
    count(outcome)
    return outcome
  }
  for (let step = 0; step < length; step++) {
    if (!expiring.includes(step)) {
      await apply(operations.next(), step)
      continue
    }
    const held: LedgerId[] = []
    for (let n = 0; n < EXPIRING; n++) {
      const leg = operations.leg()
      const outcome = await apply(operations.reserve([leg], 1), step)
      if (outcome.kind === 'accepted') held.push(leg.id)
    }
    await subject.expire(held)
    model.expire(held)
    for (const id of held) await apply({ verb: step % 2 === 0 ? 'post' : 'void', ids: [id] }, step)
  }
  await compare(ledger, model, seed)
}

async function openAccounts(ledger: Ledger, model: Model): Promise<ModelAccount> {
  const numbers = [freshLedger(), freshLedger()]
  for (const number of numbers) {
    for (const limit of LIMITS) await open(ledger, model, { id: freshId(), ledger: number, limit }, AccountCode.peer)
    const limited = { id: freshId(), ledger: number, limit: 'debits', mostCredits: MOST_CREDITS } as const
    await open(ledger, model, limited, AccountCode.peer)
  }
  const accounts = [...model.accounts.values()]
  for (const account of accounts) {
    const bank = accounts.find(({ ledger: number, limit }) => number === account.ledger && limit === 'none')
    if (bank !== undefined && account.limit !== 'none') await fund(ledger, model, bank, account)
  }
  const credit: ModelAccount = { id: freshId(), ledger: numbers[0] ?? 0, limit: 'none' }
  await open(ledger, model, credit, AccountCode.credit)
  return credit
}

/** Something to move at the start: a `credits` account is one that money comes from. */
async function fund(ledger: Ledger, model: Model, bank: ModelAccount, account: ModelAccount): Promise<void> {
  const [debit, credit] = account.limit === 'credits' ? [account, bank] : [bank, account]
  const sides = { ledger: bank.ledger, debitAccountId: debit.id, creditAccountId: credit.id }
  const leg = { id: freshId(), ...sides, amount: FUNDS, code: TransferCode.deposit }
  expect(await ledger.transfer([leg])).toEqual(model.write([leg], undefined))
}

async function open(ledger: Ledger, model: Model, account: ModelAccount, code: 3 | 102): Promise<void> {
  await ledger.openAccounts([{ ...account, code }])
  model.accounts.set(account.id, { ...account })
}

function ask(ledger: Ledger, operation: Operation): Promise<Outcome> {
  switch (operation.verb) {
    case 'transfer':
      return ledger.transfer(operation.chain)
    case 'reserve':
      return ledger.reserve(operation.chain, operation.timeoutSeconds)
    case 'post':
      return ledger.post(operation.ids)
    case 'void':
      return ledger.void(operation.ids)
    case 'maximum':
      return ledger.setMaximum(operation.id, operation.maximum)
  }
}

function expected(model: Model, operation: Operation): Outcome {
  if (operation.broken !== undefined) return operation.broken
  switch (operation.verb) {
    case 'transfer':
      return model.write(operation.chain, undefined)
    case 'reserve':
      return model.write(operation.chain, operation.timeoutSeconds)
    case 'post':
      return model.end(operation.ids, 'posted')
    case 'void':
      return model.end(operation.ids, 'voided')
    case 'maximum':
      return model.setMaximum(operation.id, operation.maximum)
  }
}

/** Every balance, limit and state; and in each ledger, debits equal credits. */
async function compare(ledger: Ledger, model: Model, seed: number): Promise<void> {
  const accounts = [...model.accounts.values()]
  const balances = await ledger.balances(accounts.map(({ id }) => id))
  const differences = new Map<number, bigint>()
  for (const { id, ledger: number, limit, maximum, mostCredits } of accounts) {
    const balance = balances.get(id)
    expect(balance, `seed ${seed}, account ${id}`).toMatchObject({
      ...model.sums(id),
      ...(maximum !== undefined && { maximum }),
    })
    if (balance === undefined) continue
    const { debitsPosted, debitsPending, creditsPosted, creditsPending, creditLine } = balance
    if (limit === 'debits' || limit === 'both') expect(debitsPosted + debitsPending <= creditsPosted).toBe(true)
    if (mostCredits !== undefined) expect(creditsPosted + creditsPending <= mostCredits).toBe(true)
    if (limit === 'credits') expect(creditsPosted + creditsPending <= debitsPosted).toBe(true)
    if (maximum !== undefined) expect(creditsPosted + creditsPending - debitsPosted - creditLine <= maximum).toBe(true)
    differences.set(
      number,
      (differences.get(number) ?? 0n) + creditsPosted - debitsPosted + creditsPending - debitsPending,
    )
  }
  for (const [number, difference] of differences) expect(difference, `seed ${seed}, ledger ${number}`).toBe(0n)
  const found = await ledger.lookup([...model.entries.keys()])
  for (const [id, { state }] of model.entries) expect(found.get(id)?.state, `seed ${seed}, transfer ${id}`).toBe(state)
}

function text(operation: Operation): string {
  return JSON.stringify(operation, (_key, value) => (typeof value === 'bigint' ? value.toString() : value))
}
