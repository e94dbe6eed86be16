import type { Migration } from '@kivuko/platform'

export const webhooksMigrations: readonly Migration[] = [
  {
    id: '0050-webhooks',
    sql: `
      CREATE TABLE webhook_events (
        id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL REFERENCES tenants (id),
        type text NOT NULL,
        data jsonb NOT NULL,
        resource_key text NOT NULL,
        sequence bigserial NOT NULL,
        state text NOT NULL DEFAULT 'PENDING' CHECK (state IN ('PENDING', 'DELIVERED', 'DEAD')),
        attempts integer NOT NULL DEFAULT 0,
        due_at timestamptz NOT NULL,
        lease uuid,
        status_code integer,
        last_error text,
        delivered_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      -- What is due, tenant by tenant; what waits, resource by resource. Both hold open events only.
      CREATE INDEX webhook_events_due ON webhook_events (tenant_id, due_at, sequence) WHERE state = 'PENDING';
      CREATE INDEX webhook_events_waiting ON webhook_events (tenant_id, resource_key, sequence) WHERE state = 'PENDING';
      CREATE INDEX webhook_events_listed ON webhook_events (tenant_id, created_at, id);
    `,
  },
  {
    id: '0102-webhooks-clean-up',
    sql: `
      CREATE INDEX webhook_events_delivered ON webhook_events (delivered_at) WHERE state = 'DELIVERED';
    `,
  },
]
