import type { Migration } from '@kivuko/platform'

export const outgoingPaymentsMigrations: readonly Migration[] = [
  {
    id: '0090-outgoing-payments',
    sql: `
      create table outgoing_payments (
        id uuid primary key references quotes (id),
        tenant_id uuid not null references tenants (id),
        wallet_address_id uuid not null references wallet_addresses (id),
        state text not null check (state in ('FUNDING', 'SENDING', 'COMPLETED', 'FAILED', 'CANCELLED')),
        error_reason text,
        error_message text,
        state_attempts integer not null default 0,
        sent_amount numeric(20,0) not null default 0 check (sent_amount >= 0),
        delivered_amount numeric(20,0) not null default 0 check (delivered_amount >= 0),
        receiver_amount_before numeric(20,0) not null,
        leftover_amount numeric(20,0) check (leftover_amount >= 0),
        metadata jsonb,
        client text,
        grant_id text,
        initiated_by text not null check (initiated_by in ('ADMIN', 'OPEN_PAYMENTS')),
        due_at timestamptz,
        lease uuid,
        created_event_id uuid not null,
        ended_event_id uuid,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        check ((state in ('FUNDING', 'SENDING')) = (due_at is not null))
      );
      create index outgoing_payments_listed on outgoing_payments (tenant_id, created_at, id);
      create index outgoing_payments_of_wallet on outgoing_payments (wallet_address_id, created_at, id);
      -- What the worker has still to do; ended payments leave it.
      create index outgoing_payments_due on outgoing_payments (due_at) where due_at is not null;

      create table outgoing_payment_events (
        payment_id uuid not null references outgoing_payments (id),
        sequence bigint generated always as identity,
        at timestamptz not null,
        step text not null,
        cause text,
        primary key (payment_id, sequence)
      );
    `,
  },
]
