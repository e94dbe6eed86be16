import type { Migration } from '@kivuko/platform'

export const connectorMigrations: readonly Migration[] = [
  {
    id: '0141-unresolved-packets',
    sql: `
      -- Forwarded packets whose next hop never answered: what became of their reservations is in the ledger.
      create table unresolved_packets (
        ledger_id uuid primary key,
        tenant_id uuid not null references tenants (id),
        source_peer_id uuid not null,
        peer_id uuid not null,
        amount numeric(20,0) not null,
        condition bytea not null,
        noted_at timestamptz not null
      );
      create index unresolved_packets_noted on unresolved_packets (noted_at);
    `,
  },
  {
    id: '0181-doubtful-packets',
    sql: `
      -- Packets of our own payments whose end was concluded from their receiver's total, and not for certain: they stay
      -- listed, whatever the ledger says of them.
      alter table unresolved_packets
        add column payment_id uuid,
        alter column source_peer_id drop not null,
        alter column condition drop not null;
    `,
  },
]
