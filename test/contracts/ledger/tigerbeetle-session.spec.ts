import { TigerBeetleLedger } from '@kivuko/accounting'
import { SystemClock } from '@kivuko/platform'
import { createClient } from 'tigerbeetle-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTigerBeetle, quietLog } from './adapters.js'
import { Books } from './subject.js'
import { TigerBeetleServer, tigerBeetleBinary, warnSkipped } from './tigerbeetle-server.js'

const isPresent = tigerBeetleBinary() !== undefined
if (!isPresent) warnSkipped('the session tests')

// TigerBeetle keeps 64 sessions, also of clients that are gone, and lets the one go that has been silent longest.
const SESSIONS = 64

describe.skipIf(!isPresent)('the session with a TigerBeetle cluster', () => {
  let server: TigerBeetleServer
  beforeAll(async () => {
    server = await TigerBeetleServer.start()
  })
  afterAll(() => server?.remove())

  test('is opened anew after the cluster has evicted it', { timeout: 180_000 }, async () => {
    const ledger = await openTigerBeetle(server)
    const books = await Books.open(ledger)
    const payee = await books.account('debits')
    for (let n = 0; n < SESSIONS; n++) {
      const client = createClient({ cluster_id: 0n, replica_addresses: [`127.0.0.1:${server.port}`] })
      await client.lookupAccounts([1n])
      client.destroy()
    }
    const leg = books.leg(books.bank, payee, 5n)
    expect(await ledger.transfer([leg])).toMatchObject({ kind: 'accepted' })
    expect(await books.balance(payee)).toMatchObject({ creditsPosted: 5n })
    await ledger.close()
  })

  test('is not opened where nobody listens, and says what to check', async () => {
    const opening = openTigerBeetle({ address: 'localhost:1' }, 500)
    await expect(opening).rejects.toMatchObject({ kind: 'unavailable', reason: 'LedgerUnavailable' })
    await expect(opening).rejects.toThrow(
      'The TigerBeetle cluster did not answer (no answer within 500 ms). Check that its replicas listen at localhost:1, ' +
        'that they were formatted with the cluster id 0, and that their version is 0.17.4 or newer.',
    )
  })

  test('is not opened with another cluster id', async () => {
    const replicas = [server.address]
    const options = { replicas, clusterId: 7n, timeoutMs: 1_000, clock: new SystemClock(), log: quietLog }
    await expect(TigerBeetleLedger.open(options)).rejects.toThrow('formatted with the cluster id 7')
  })

  test('is not opened at a host name that does not exist', async () => {
    const opening = openTigerBeetle({ address: 'no-such-replica.invalid:3004' }, 5_000)
    await expect(opening).rejects.toThrow('no-such-replica.invalid:3004: its host name was not found')
  })

  test('is not opened at an address without a port', async () => {
    await expect(openTigerBeetle({ address: 'replica' }, 5_000)).rejects.toThrow(
      '"replica" has no port; write host:port.',
    )
  })
})
