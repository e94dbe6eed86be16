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
  {
    id: '0210-book-differences',
    sql: `
      -- What this node's books and a neighbour's may count differently, packet by packet, until an operator closes it.
      -- kind: 'unanswered' rows are of versions that left the reservation to its timeout; the other kinds are in
      -- book-differences.ts. amount: in the asset of peer_id, or of the payment where there is no peer.
      alter table unresolved_packets rename to book_differences;
      alter index unresolved_packets_noted rename to book_differences_noted;
      alter table book_differences
        add column id uuid not null default gen_random_uuid(),
        add column kind text not null default 'unanswered',
        add column closed_at timestamptz,
        add column closed_reason text,
        add column closed_amount numeric(20,0),
        alter column peer_id drop not null,
        drop constraint unresolved_packets_pkey,
        add primary key (id),
        add constraint book_differences_packet_kind unique (ledger_id, kind);
      update book_differences set kind = 'doubtful' where payment_id is not null;
      alter table book_differences alter column kind drop default;
      create index book_differences_open on book_differences (id) where closed_at is null;
    `,
  },
]
