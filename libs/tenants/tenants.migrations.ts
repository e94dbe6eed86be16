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
  {
    id: '0100-tenant-secrets',
    sql: `
      alter table tenants
        add column idp_consent_url text,
        add column idp_secret text,
        add column webhook_secret text,
        add column former_webhook_secret text,
        add column former_webhook_secret_until timestamptz,
        add check ((former_webhook_secret is null) = (former_webhook_secret_until is null)),
        add check (operator = (webhook_secret is null));
      create index tenants_listed on tenants (created_at, id);
      -- Two tenants with one address would take each other's payments.
      create unique index tenant_settings_one_owner on tenant_settings (key, value)
        where key in ('WALLET_ADDRESS_URL', 'ILP_ADDRESS');
    `,
  },
  {
    id: '0101-idempotency-keys',
    // An answer is sealed: it may hold tokens and secrets. No answer yet: the call is under way until its lease ends.
    sql: `
      create table idempotency_keys (
        tenant_id uuid not null references tenants (id),
        key text not null,
        operation text not null,
        request_hash bytea not null,
        answer text,
        owner uuid not null,
        lease_until timestamptz not null,
        created_at timestamptz not null,
        primary key (tenant_id, key)
      );
      create index idempotency_keys_age on idempotency_keys (created_at);
    `,
  },
  {
    id: '0170-used-signatures',
    sql: `
      create table used_signatures (
        digest bytea primary key,
        forget_at timestamptz not null
      );
      create index used_signatures_expiry on used_signatures (forget_at);
    `,
  },
]
