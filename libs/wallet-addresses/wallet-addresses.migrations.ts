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
  {
    id: '0103-wallet-address-keys',
    sql: `
      alter table wallet_addresses add column additional_properties jsonb not null default '[]';

      create table wallet_address_keys (
        id uuid primary key,
        wallet_address_id uuid not null references wallet_addresses (id),
        kid text not null,
        x text not null,
        revoked boolean not null default false,
        created_at timestamptz not null default now()
      );
      -- A revoked key stays, and its kid may be used again.
      create unique index wallet_address_keys_kid on wallet_address_keys (wallet_address_id, kid) where not revoked;
      create index wallet_address_keys_listed on wallet_address_keys (wallet_address_id, created_at, id);
    `,
  },
]
