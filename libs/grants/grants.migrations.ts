import type { Migration } from '@kivuko/platform'

const spending = `
        tenant_id uuid not null,
        grant_id text not null,
        interval_start timestamptz not null,
        debit_asset_code text not null,
        debit_asset_scale smallint not null,
        receive_asset_code text not null,
        receive_asset_scale smallint not null,`

export const grantsMigrations: readonly Migration[] = [
  {
    id: '0110-grants',
    // A total may be larger than any one payment: a grant need not have a limit.
    sql: `
      create table outgoing_payment_grants (
        tenant_id uuid not null references tenants (id),
        id text not null,
        created_at timestamptz not null,
        primary key (tenant_id, id)
      );

      -- What each payment takes of its grant.
      create table outgoing_payment_grant_spent_amounts (
        payment_id uuid primary key,${spending}
        debit_value numeric(20,0) not null check (debit_value >= 0),
        receive_value numeric(20,0) not null check (receive_value >= 0),
        created_at timestamptz not null,
        settled_at timestamptz,
        foreign key (tenant_id, grant_id) references outgoing_payment_grants (tenant_id, id)
      );
      create index outgoing_payment_grant_spent_amounts_of_grant
        on outgoing_payment_grant_spent_amounts (tenant_id, grant_id, interval_start);

      -- What the payments of an interval come to, by assets; '-infinity' for a grant without an interval.
      create table outgoing_payment_grant_totals (${spending}
        debit_value numeric(40,0) not null check (debit_value >= 0),
        receive_value numeric(40,0) not null check (receive_value >= 0),
        primary key (tenant_id, grant_id, interval_start,
          debit_asset_code, debit_asset_scale, receive_asset_code, receive_asset_scale),
        foreign key (tenant_id, grant_id) references outgoing_payment_grants (tenant_id, id)
      );
    `,
  },
]
