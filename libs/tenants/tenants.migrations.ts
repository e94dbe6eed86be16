import type { Migration } from '@kivuko/platform'

export const tenantsMigrations: readonly Migration[] = [
  {
    id: '0010-tenants',
    // The operator's secret stays in its configuration: its row has none.
    sql: `
      create table tenants (
        id uuid primary key,
        operator boolean not null default false,
        email text,
        public_name text,
        api_secret text,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        deleted_at timestamptz,
        check (operator = (api_secret is null))
      );
      create unique index tenants_one_operator on tenants (operator) where operator;

      create table tenant_settings (
        tenant_id uuid not null references tenants (id),
        key text not null,
        value text not null,
        primary key (tenant_id, key)
      );
    `,
  },
]
