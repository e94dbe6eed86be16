import { Agent } from 'undici'
import { guardedConnections, type Reach } from './guarded-fetch.js'

/** The connections to other nodes, closed with this one. */
export class RemoteConnections {
  readonly guarded: Agent
  /** Between a developer's own nodes. */
  readonly open = new Agent()

  constructor(reach: Reach) {
    this.guarded = guardedConnections(reach)
  }

  /** Called by Nest. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.guarded.close(), this.open.close()])
  }
}
