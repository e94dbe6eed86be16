import type { Clock, Config, DataSource, Secrets } from '@kivuko/platform'
import { clientIdentity } from './client-identity.js'
import { DevelopmentAccess } from './development-access.js'
import { GrantedAccess } from './granted-access.js'
import { guardedFetch } from './guarded-fetch.js'
import { createOpenPaymentsClient } from './open-payments-client.js'
import type { RemoteConnections } from './remote-connections.js'
import { RemoteReceivers } from './remote-receivers.js'
import { RemoteTokens } from './remote-tokens.js'

/** This node as a client of others, by its settings. */
export async function openRemoteReceivers(
  config: Config,
  secrets: Secrets,
  clock: Clock,
  dataSource: DataSource,
  connections: RemoteConnections,
): Promise<RemoteReceivers> {
  const { openPaymentsAllowLocalClients: allowLocal, openPaymentsDevToken: devToken } = config
  const fetch = guardedFetch(connections.guarded, { allowLocal })
  const client = await createOpenPaymentsClient(clientIdentity(config, secrets), fetch)
  const tokens = new RemoteTokens({ dataSource, clock, encryptionKey: secrets.dbEncryptionSecret, client })
  return new RemoteReceivers({
    granted: new GrantedAccess(client, tokens, { allowLocal }),
    development: devToken === undefined ? undefined : new DevelopmentAccess(devToken, connections.open),
  })
}
