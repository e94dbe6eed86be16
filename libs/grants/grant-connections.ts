import { Agent } from 'undici'
import { keyConnections } from './client-keys/fetch-keys.js'

// One authorization server answers for every request of every wallet.
const INTROSPECTION_CONNECTIONS = 64

/** The connections behind the door: to the operator's authorization server, and to hosts that clients name. */
export class GrantConnections {
  readonly ofIntrospection = new Agent({ connections: INTROSPECTION_CONNECTIONS })
  readonly ofKeys: Agent

  constructor(allowLocalClients: boolean) {
    this.ofKeys = keyConnections({ allowLocal: allowLocalClients })
  }

  /** Called by Nest. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.ofIntrospection.close(), this.ofKeys.close()])
  }
}
