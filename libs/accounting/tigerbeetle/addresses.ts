import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { DomainError, messageOf } from '@kivuko/platform'

/** TigerBeetle's client takes addresses only: names are resolved anew each time a client is built. */
export async function resolveAddresses(replicas: readonly string[]): Promise<string[]> {
  return Promise.all(replicas.map(resolveAddress))
}

async function resolveAddress(replica: string): Promise<string> {
  const colon = replica.lastIndexOf(':')
  const host = replica.slice(0, Math.max(colon, 0))
  const port = replica.slice(colon + 1)
  if (!/^\d{1,5}$/.test(port)) {
    const message = `TigerBeetle replica ${JSON.stringify(replica)} has no port; write host:port.`
    throw new DomainError('invalid', 'InvalidReplicaAddress', message)
  }
  if (host === '') return port
  if (isIP(host) !== 0) return replica
  try {
    const { address } = await lookup(host, { family: 4 })
    return `${address}:${port}`
  } catch (error) {
    const message = `TigerBeetle replica ${replica}: its host name was not found (${messageOf(error)}). Check the name and DNS.`
    throw new DomainError('unavailable', 'UnknownReplicaHost', message, {}, { cause: error })
  }
}
