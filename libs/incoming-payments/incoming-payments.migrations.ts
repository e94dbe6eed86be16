import type { Migration } from '@kivuko/platform'

export const incomingPaymentsMigrations: readonly Migration[] = [
  {
    id: '0070-incoming-payments',
    sql: `
      create table incoming_payments (
        id uuid primary key,
        tenant_id uuid not null references tenants (id),
        wallet_address_id uuid not null references wallet_addresses (id),
        asset_id uuid not null references assets (id),
        state text not null check (state in ('PENDING', 'PROCESSING', 'COMPLETED', 'EXPIRED')),
        incoming_amount numeric(20,0) check (incoming_amount > 0),
        received_amount numeric(20,0) not null default 0 check (received_amount >= 0),
        expires_at timestamptz not null,
        metadata jsonb,
        client text,
        initiated_by text not null check (initiated_by in ('ADMIN', 'OPEN_PAYMENTS')),
        due_at timestamptz,
        final_event_id uuid,
        completed_at timestamptz,
        created_at timestamptz not null,
        updated_at timestamptz not null
      );
      create index incoming_payments_listed on incoming_payments (tenant_id, created_at, id);
      create index incoming_payments_of_wallet on incoming_payments (wallet_address_id, created_at, id);
      -- What the worker has still to close or to report; ended payments leave it.
      create index incoming_payments_due on incoming_payments (due_at) where due_at is not null;
    `,
  },
  {
    id: '0104-incoming-payment-decisions',
    sql: `
      alter table incoming_payments
        add column sender_wallet_address text,
        add column approved_at timestamptz,
        add column cancelled_at timestamptz,
        add column cancellation_reason text,
        add check (approved_at is null or cancelled_at is null);
    `,
  },
  {
    id: '0160-stream-totals',
    // More than one receipt can say (2^64 − 1) fits: what a connection brings has no bound.
    sql: `
      create table stream_totals (
        connection_id bytea primary key,
        total numeric(40,0) not null,
        expires_at timestamptz not null
      );
      create index stream_totals_forgotten on stream_totals (expires_at);
    `,
  },
  {
    id: '0173-incoming-payment-rows',
    // For the memory of the process that made the payment; each is told of once.
    sql: `
      create function tell_incoming_payment_changed() returns trigger language plpgsql as $$
      begin
        perform pg_notify('kivuko_changes', 'incoming-payment-rows ' || new.id);
        return null;
      end
      $$;
      create trigger incoming_payments_changed after update on incoming_payments
        for each row when (old.state = 'PENDING') execute function tell_incoming_payment_changed();
    `,
  },
]
