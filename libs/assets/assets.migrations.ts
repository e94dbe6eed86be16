import type { Migration } from '@kivuko/platform'

export const assetsMigrations: readonly Migration[] = [
  {
    id: '0020-assets',
    sql: `
      create table assets (
        id uuid primary key,
        tenant_id uuid not null references tenants (id),
        code text not null,
        scale smallint not null check (scale between 0 and 255),
        ledger integer generated always as identity unique,
        withdrawal_threshold numeric(20,0) check (withdrawal_threshold >= 0),
        liquidity_threshold numeric(20,0) check (liquidity_threshold >= 0),
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        deleted_at timestamptz,
        constraint assets_code_scale_unique unique (tenant_id, code, scale)
      );
      create index assets_page on assets (tenant_id, created_at, id);

      create table fees (
        id uuid primary key,
        sequence bigint generated always as identity unique,
        tenant_id uuid not null references tenants (id),
        asset_id uuid not null references assets (id),
        type text not null check (type in ('SENDING', 'RECEIVING')),
        fixed_fee numeric(20,0) not null check (fixed_fee >= 0),
        basis_point_fee integer not null check (basis_point_fee between 0 and 10000),
        created_at timestamptz not null default now()
      );
      create index fees_page on fees (asset_id, created_at, id);
      create index fees_in_force on fees (asset_id, type, sequence desc);
    `,
  },
]
