import type { Migration } from '@kivuko/platform'

export const reportsMigrations: readonly Migration[] = [
  {
    id: '0110-combined-payments',
    // Both sides have indexes on (tenant_id, created_at, id), from which a page is merged.
    sql: `
      create view combined_payments as
        select id, 'INCOMING' as type, tenant_id, wallet_address_id, state, metadata, client, created_at
        from incoming_payments
        union all
        select id, 'OUTGOING' as type, tenant_id, wallet_address_id, state, metadata, client, created_at
        from outgoing_payments;
    `,
  },
  {
    id: '0211-book-differences-listed',
    // Of the rows of one packet that do not know its end, the one that knows most stands; a late fulfillment tells it.
    sql: `
      alter table book_differences add column closed_by uuid;
      create index book_differences_listed on book_differences (tenant_id, noted_at, id);
      create index book_differences_of_peer on book_differences (peer_id, noted_at, id);
      create index book_differences_of_payment on book_differences (payment_id, noted_at, id) where payment_id is not null;
      create view listed_book_differences as
        select difference.id, difference.ledger_id, difference.kind, difference.tenant_id, difference.peer_id,
          coalesce(peer.name, peer.static_ilp_address) as peer_name, difference.source_peer_id, difference.payment_id,
          asset.id as asset_id, asset.code as asset_code, asset.scale as asset_scale, difference.amount,
          difference.condition, difference.noted_at as created_at, difference.closed_at, difference.closed_reason,
          difference.closed_amount, difference.closed_by,
          exists (
            select from book_differences other where other.ledger_id = difference.ledger_id
              and array_position(array['fulfilled-late', 'released', 'abandoned', 'unanswered'], other.kind)
                < array_position(array['fulfilled-late', 'released', 'abandoned', 'unanswered'], difference.kind)
          ) as is_superseded
        from book_differences difference
        left join peers peer on peer.id = difference.peer_id
        left join quotes quote on difference.peer_id is null and quote.id = difference.payment_id
        left join assets asset on asset.id = coalesce(peer.asset_id, quote.asset_id);
    `,
  },
]
