import { randomUUID } from 'node:crypto'
import { start } from '@kivuko/app-node'
import { z } from 'zod'
import { AdminClient } from '../../harness/admin-client.js'
import { freePorts } from '../../harness/listen.js'
import { type NodeOptions, startNode, type TestNode } from '../../harness/node.js'
import { ADMIN_SECRET, TENANT_ID } from '../../harness/node-settings.js'

/** How a mutation is sent: `process` 0 is the node itself, 1 the second admin process. */
export interface Sending {
  readonly key?: string
  readonly process?: number
}

/** A node, and a second process that opens the admin API on the same database and ledger. */
export class TwoAdminProcesses {
  private constructor(
    readonly node: TestNode,
    private readonly clients: readonly AdminClient[],
    private readonly second: { readonly close: () => Promise<void> },
  ) {}

  static async open(options: NodeOptions): Promise<TwoAdminProcesses> {
    const node = await startNode(options)
    const [port] = await freePorts(1)
    const second = await start({ ...node.env, ROLES: 'admin', ADMIN_PORT: `${port}` })
    const client = (url: string) => new AdminClient({ url, secret: ADMIN_SECRET, tenantId: TENANT_ID })
    return new TwoAdminProcesses(node, [client(node.adminUrl), client(`http://127.0.0.1:${port}/graphql`)], second)
  }

  /** Sends a mutation that answers `success`; each time with a key of its own unless one is given. */
  async change(name: string, input: Record<string, unknown>, { key = randomUUID(), process = 0 }: Sending = {}) {
    const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`
    const text = `mutation ($input: ${type}!) { ${name}(input: $input) { success } }`
    const answer = z.record(z.string(), z.object({ success: z.boolean() }))
    return (await this.clientOf(process).request(text, { input: { ...input, idempotencyKey: key } }, answer))[name]
  }

  /** As if the process that acted under the key had died before it wrote the answer down. */
  async forgetAnswer(key: string): Promise<void> {
    await this.node.database.query('delete from idempotency_keys where key = $1', [key])
  }

  async stop(): Promise<void> {
    await this.second.close()
    await this.node.stop()
  }

  private clientOf(process: number): AdminClient {
    const client = this.clients[process % this.clients.length]
    if (client === undefined) throw new Error(`no admin process has the number ${process}`)
    return client
  }
}
