import { assert } from '@kivuko/platform'
import { accounts } from './accounts.js'
import { applyAll } from './apply-all.js'
import { applyLeg } from './apply-leg.js'
import { openTogether } from './open-together.js'

/**
 * Accounts whose credits may only ever add up to so much. The functions as they were before, each with what it now has to
 * look at or to write: the same statements, one condition more.
 */
export const mostCredits = [
  'alter table ledger_accounts add column most_credits numeric(39, 0);',
  changed(applyAll, [
    [
      'account.credit_line <= account.maximum) as within_limits',
      `account.credit_line <= account.maximum)
      and (account.most_credits is null
        or account.credits_posted + account.credits_pending <= account.most_credits) as within_limits`,
    ],
  ]),
  changed(applyLeg, [
    [
      '  update ledger_accounts set debits_posted = debits_posted + posted, debits_pending',
      `  if credit.credits_posted + credit.credits_pending + leg_amount > credit.most_credits then
    return 'insufficient-room';
  end if;
  update ledger_accounts set debits_posted = debits_posted + posted, debits_pending`,
    ],
  ]),
  'drop function ledger_open(uuid[], bigint[], integer[], text[]);',
  opening(accounts.slice(0, accounts.indexOf('create function ledger_set_maximum'))),
  'drop function ledger_open_together(uuid[], bigint[], integer[], text[]);',
  opening(openTogether),
].join('\n')

/** The same with the amount of each account: null where its credits are not limited. */
function opening(sql: string): string {
  return changed(sql, [
    ['limits text[])', 'limits text[], mosts numeric[])'],
    ['(id, ledger, code, limit_on)\n', '(id, ledger, code, limit_on, most_credits)\n'],
    ['opening.code, opening.limit_on\n', 'opening.code, opening.limit_on, opening.most_credits\n'],
    [
      'unnest(ids, ledgers, codes, limits) as opening (id, ledger, code, limit_on)\n',
      'unnest(ids, ledgers, codes, limits, mosts) as opening (id, ledger, code, limit_on, most_credits)\n',
    ],
  ])
}

function changed(sql: string, changes: readonly (readonly [from: string, to: string])[]): string {
  return changes.reduce(
    (text, [from, to]) => {
      assert(text.includes(from), `a function that is changed says "${from}"`)
      return text.replace(from, to)
    },
    sql.replaceAll('create function', 'create or replace function'),
  )
}
