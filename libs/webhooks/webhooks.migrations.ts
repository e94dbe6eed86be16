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
  {
    id: '0170-webhooks-at-once',
    sql: `
      -- Part of the statement that causes the event. With a lease, an event that waits for no other of its resource is the
      -- writer's to deliver: true. The caller's statement holds the resource's row, so that no other is being written.
      create function record_webhook_event(
        event_id uuid, event_tenant uuid, event_type text, event_data jsonb, resource text, written_at timestamptz,
        writers_lease uuid, lease_ends_at timestamptz
      ) returns boolean language plpgsql volatile as $$
      declare
        is_writers boolean := writers_lease is not null and not exists (
          select from webhook_events where tenant_id = event_tenant and resource_key = resource and state = 'PENDING'
        );
      begin
        insert into webhook_events (id, tenant_id, type, data, resource_key, created_at, due_at, lease, attempts)
        values (event_id, event_tenant, event_type, event_data, resource, written_at,
          case when is_writers then lease_ends_at else written_at end,
          case when is_writers then writers_lease end, case when is_writers then 1 else 0 end)
        on conflict (id) do nothing;
        return found and is_writers;
      end
      $$;
    `,
  },
  {
    id: '0174-webhooks-one-after-the-other',
    sql: `
      -- The same, once the event before it on the same resource has been delivered and that is not written down yet.
      create function record_next_webhook_event(
        event_id uuid, event_tenant uuid, event_type text, event_data jsonb, resource text, written_at timestamptz,
        writers_lease uuid, lease_ends_at timestamptz, done_id uuid, done_lease uuid, done_status integer
      ) returns boolean language plpgsql volatile as $$
      begin
        update webhook_events set state = 'DELIVERED', due_at = written_at, lease = null, status_code = done_status,
          last_error = null, delivered_at = written_at
        where id = done_id and lease = done_lease;
        return record_webhook_event(event_id, event_tenant, event_type, event_data, resource, written_at, writers_lease,
          lease_ends_at);
      end
      $$;
    `,
  },
]
