import type { Migration } from '@kivuko/platform'

export const walletAddressesMigrations: readonly Migration[] = [
  {
    id: '0031-wallet-addresses',
    sql: `
      create table wallet_addresses (
        id uuid primary key,
        tenant_id uuid not null references tenants (id),
        address text not null constraint wallet_addresses_address_unique unique check (address = lower(address)),
        public_name text,
        asset_id uuid not null references assets (id),
        deactivated_at timestamptz,
        account_opened boolean not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );
      create index wallet_addresses_page on wallet_addresses (tenant_id, created_at, id);
      create index wallet_addresses_page_of_all on wallet_addresses (created_at, id);
      create index wallet_addresses_asset on wallet_addresses (asset_id);
      create index wallet_addresses_unopened on wallet_addresses (id) where not account_opened;
    `,
  },
]
