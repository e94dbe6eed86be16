import { Agent, type Dispatcher } from 'undici'
import { isInternalLiteral, publicLookup } from './public-address.js'

const CONNECT_TIMEOUT_MS = 5_000

/**
 * Connections to addresses that tenants have set: to the open internet only. What is in the network of this node is not
 * theirs to reach, unless the operator runs their systems there and says so.
 */
export class TenantConnections {
  private readonly guarded: Agent | undefined

  constructor({ allowInternal }: { readonly allowInternal: boolean }) {
    const connect = { timeout: CONNECT_TIMEOUT_MS, lookup: publicLookup() }
    this.guarded = allowInternal ? undefined : new Agent({ connect })
  }

  /** Throws for an internal address that is written out; a name's addresses are looked at when it is connected to. */
  toward(url: string): Dispatcher | undefined {
    if (this.guarded === undefined) return undefined
    if (isInternalLiteral(new URL(url))) throw new Error(`${new URL(url).host} is not on the public internet`)
    return this.guarded
  }

  /** Called by Nest. */
  async onApplicationShutdown(): Promise<void> {
    await this.guarded?.close()
  }
}
