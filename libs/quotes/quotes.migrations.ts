import type { Migration } from '@kivuko/platform'

export const quotesMigrations: readonly Migration[] = [
  {
    id: '0080-quotes',
    sql: `
      create table quotes (
        id uuid primary key,
        tenant_id uuid not null references tenants (id),
        wallet_address_id uuid not null references wallet_addresses (id),
        asset_id uuid not null references assets (id),
        receiver text not null,
        debit_amount numeric(20,0) not null check (debit_amount > 0),
        debit_amount_minus_fees numeric(20,0) not null check (debit_amount_minus_fees > 0),
        receive_amount numeric(20,0) not null check (receive_amount > 0),
        receive_asset_code text not null,
        receive_asset_scale smallint not null check (receive_asset_scale between 0 and 255),
        fee_id uuid references fees (id),
        method text not null check (method in ('ilp', 'local')),
        guaranteed_rate_numerator numeric not null check (guaranteed_rate_numerator > 0),
        guaranteed_rate_denominator numeric not null check (guaranteed_rate_denominator > 0),
        low_rate_numerator numeric not null check (low_rate_numerator > 0),
        low_rate_denominator numeric not null check (low_rate_denominator > 0),
        high_rate_numerator numeric not null check (high_rate_numerator > 0),
        high_rate_denominator numeric not null check (high_rate_denominator > 0),
        max_packet_amount numeric(20,0) check (max_packet_amount > 0),
        client text,
        expires_at timestamptz not null,
        created_at timestamptz not null,
        check (debit_amount >= debit_amount_minus_fees)
      );
      create index quotes_of_wallet on quotes (wallet_address_id, created_at, id);
    `,
  },
  {
    id: '0120-remote-tokens',
    sql: `
      -- What other nodes' authorization servers granted this node as a client; it has one identity for all its tenants.
      create table remote_tokens (
        auth_server text not null,
        action text not null check (action in ('create', 'read-all')),
        sealed_token text not null,
        manage_url text not null,
        expires_at timestamptz,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        primary key (auth_server, action)
      );
      create index remote_tokens_oldest on remote_tokens (updated_at);
    `,
  },
  {
    id: '0130-remote-receivers',
    sql: `
      alter table remote_tokens drop constraint remote_tokens_action_check,
        add check (action in ('create', 'read-all', 'complete'));
      -- Who asked for an incoming payment at another node: to that node all tenants are this one client.
      create table remote_receivers (
        url text not null,
        tenant_id uuid not null references tenants (id),
        created_at timestamptz not null,
        primary key (tenant_id, url)
      );
      create index remote_receivers_oldest on remote_receivers (created_at);
    `,
  },
]
