import { DomainError, messageOf } from '@kivuko/platform'
import { NoAnswer, type Session, type SessionOptions } from './session.js'

/** The client's version in this project; a server must be the same or newer. */
const CLIENT_VERSION = '0.17.4'
const ANY_ID = 1n

/** Fails within the deadline when the cluster does not answer, and says what to check. */
export async function probe(session: Session, { replicas, clusterId, timeoutMs }: SessionOptions): Promise<void> {
  try {
    await session.ask((client) => client.lookupAccounts([ANY_ID]))
  } catch (error) {
    const cause = error instanceof NoAnswer ? `no answer within ${timeoutMs} ms` : messageOf(error)
    const message =
      `The TigerBeetle cluster did not answer (${cause}). Check that its replicas listen at ${replicas.join(', ')}, ` +
      `that they were formatted with the cluster id ${clusterId}, and that their version is ${CLIENT_VERSION} or newer.`
    throw new DomainError('unavailable', 'LedgerUnavailable', message, {}, { cause: error })
  }
}
