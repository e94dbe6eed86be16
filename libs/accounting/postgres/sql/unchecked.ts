/**
 * The tables without their checks: the server reads and plans each of them anew for every statement, which was a tenth of
 * a batch's time. Amounts are checked before they are sent, limits and states are written by the functions alone, and a
 * row changed by hand is what the audit finds.
 */
export const unchecked = `
alter table ledger_transfers
  drop constraint ledger_transfers_amount_check,
  drop constraint ledger_transfers_state_check;
alter table ledger_accounts drop constraint ledger_accounts_limit_on_check;
`
