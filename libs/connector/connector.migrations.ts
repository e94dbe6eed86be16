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
]
