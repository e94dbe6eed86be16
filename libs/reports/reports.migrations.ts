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
]
