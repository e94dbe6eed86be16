import type { Migration } from '@kivuko/platform'

export const peeringMigrations: readonly Migration[] = [
  {
    id: '0030-peering',
    sql: `
      create table peers (
        id uuid primary key,
        tenant_id uuid not null references tenants (id),
        asset_id uuid not null references assets (id),
        name text,
        static_ilp_address text not null,
        routes text[] not null,
        max_packet_amount numeric(20,0) check (max_packet_amount >= 0),
        liquidity_threshold numeric(20,0) check (liquidity_threshold >= 0),
        packets_per_minute integer check (packets_per_minute > 0),
        incoming_amount_per_second numeric(20,0) check (incoming_amount_per_second >= 0),
        outgoing_amount_per_second numeric(20,0) check (outgoing_amount_per_second >= 0),
        outgoing_endpoint text not null,
        outgoing_token bytea not null,
        pending_deposit numeric(20,0) check (pending_deposit > 0),
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        deleted_at timestamptz
      );
      create unique index peers_asset_address_unique on peers (asset_id, static_ilp_address) where deleted_at is null;
      create index peers_page on peers (tenant_id, created_at, id);

      create table peer_incoming_tokens (
        sha256 bytea constraint peer_incoming_tokens_unique primary key check (length(sha256) = 32),
        peer_id uuid not null references peers (id),
        tenant_id uuid not null references tenants (id),
        created_at timestamptz not null default now()
      );
      create index peer_incoming_tokens_peer on peer_incoming_tokens (peer_id);
    `,
  },
  {
    id: '0140-liquidity-lows',
    sql: `
      -- Accounts of assets and peers whose owner was told that they are low; the row goes when they are high again.
      create table liquidity_lows (
        account_id uuid primary key,
        tenant_id uuid not null references tenants (id),
        since timestamptz not null default now()
      );
    `,
  },
  {
    id: '0150-peer-options',
    sql: `
      alter table peers
        add column outgoing_mode text not null default 'synchronous'
          check (outgoing_mode in ('synchronous', 'asynchronous')),
        add column outgoing_jwt_subject text,
        add column further_endpoints text[] not null default '{}',
        add column endpoints_are_one_node boolean not null default false,
        add column callback_url text,
        add column incoming_jwt_subject text,
        add column incoming_jwt_secrets bytea,
        add column reflect_payments boolean not null default false,
        add column credit_line numeric(20,0) not null default 0,
        add column maximum_balance numeric(20,0) check (maximum_balance >= 0),
        add column balance_limits_revision integer not null default 0,
        add constraint peers_incoming_jwt check ((incoming_jwt_subject is null) = (incoming_jwt_secrets is null));
      create unique index peers_incoming_jwt_subject_unique on peers (incoming_jwt_subject) where deleted_at is null;
    `,
  },
  {
    id: '0216-peers-that-charge-repeats-once',
    sql: `
      alter table peers add column charges_repeats_once boolean;
    `,
  },
]
