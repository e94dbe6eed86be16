import type { Migration } from '@kivuko/platform'

export const walletAddressReceiptsMigrations: readonly Migration[] = [
  {
    id: '0121-wallet-address-receipts',
    // All that a wallet address ever received may be more than one payment's amount.
    sql: `
      create table wallet_address_receipts (
        wallet_address_id uuid primary key references wallet_addresses (id),
        -- What web_monetization events have told of; the ledger says what was received in all.
        reported_amount numeric(40,0) not null default 0 check (reported_amount >= 0),
        due_at timestamptz
      );
      create index wallet_address_receipts_due on wallet_address_receipts (due_at) where due_at is not null;
    `,
  },
  {
    id: '0122-wallet-address-receipts-received',
    // Beside what was told, what was received: who has money that nobody was told of is found without the ledger.
    sql: `
      alter table wallet_address_receipts add column received_amount numeric(40,0) not null default 0;
      update wallet_address_receipts set received_amount = reported_amount;
      create index wallet_address_receipts_untold on wallet_address_receipts (wallet_address_id)
        where received_amount > reported_amount;
    `,
  },
]
