import { ChangeFeed, createDataSource, createLogger, type DataSource, SystemClock } from '@kivuko/platform'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../harness/postgres.js'
import { waitFor } from '../../harness/wait-for.js'

const log = createLogger({ logLevel: 'silent', instanceName: 'test' })
let database: FreshDatabase
let dataSource: DataSource
let feeds: ChangeFeed[]

beforeEach(async () => {
  database = await freshDatabase('feed')
  dataSource = createDataSource({
    url: database.url,
    poolSize: 2,
    applicationName: 'test',
    entities: [],
    onPoolError: () => undefined,
  })
  await dataSource.initialize()
  feeds = []
})
afterEach(async () => {
  await Promise.all(feeds.map((feed) => feed.close()))
  await dataSource.destroy()
  await database.drop()
})

async function openFeed(): Promise<ChangeFeed> {
  const feed = new ChangeFeed({ url: database.url, maxSilenceMs: 3_000, clock: new SystemClock(), log })
  await feed.start()
  feeds.push(feed)
  return feed
}

function collect(feed: ChangeFeed, topic: string): (string | undefined)[] {
  const seen: (string | undefined)[] = []
  feed.subscribe(topic, (key) => {
    seen.push(key)
  })
  return seen
}

/** Cuts every listening connection, as a restarted server or a firewall does. */
const cutConnections = () =>
  database.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'kivuko change feed'")

describe('the change feed', () => {
  it('tells every process of a change, once, after its commit', async () => {
    const [here, there] = [await openFeed(), await openFeed()]
    const [seenHere, seenThere] = [collect(here, 'peers'), collect(there, 'peers')]
    const other = collect(there, 'assets')
    await dataSource.transaction(async (db) => {
      await here.publish(db, 'peers', 'a')
      await here.publish(db, 'peers', 'a')
      await here.publish(db, 'peers', 'key with spaces')
      expect(seenThere).toEqual([])
    })
    await waitFor('both to hear of the change', () => seenHere.length === 2 && seenThere.length === 2)
    expect(seenThere).toEqual(['a', 'key with spaces'])
    expect(other).toEqual([])
  })

  it('says nothing of a transaction that was rolled back', async () => {
    const feed = await openFeed()
    const seen = collect(feed, 'peers')
    const failing = dataSource.transaction(async (db) => {
      await feed.publish(db, 'peers', 'rolled back')
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    await feed.publish(dataSource.manager, 'peers', 'committed')
    await waitFor('the committed change', () => seen.length > 0)
    expect(seen).toEqual(['committed'])
  })

  it('connects again after a cut, has everything read anew, and hears changes as before', async () => {
    const feed = await openFeed()
    const seen = collect(feed, 'peers')
    await cutConnections()
    await waitFor('the reload', () => seen.includes(undefined))
    await feed.publish(dataSource.manager, 'peers', 'later')
    await waitFor('the change after the cut', () => seen.includes('later'))
    expect(seen).toEqual([undefined, 'later'])
    expect(feed.isSilent()).toBe(false)
  })

  it('stays young while nothing changes, because it asks for a sign of life', async () => {
    const feed = await openFeed()
    let oldest = 0
    await waitFor('a sign of life', () => {
      const age = feed.ageMs()
      const renewed = age < oldest
      oldest = Math.max(oldest, age)
      return renewed
    })
    expect(oldest).toBeLessThan(3_000)
  })

  it('counts as silent while a subscriber cannot take over what changed', async () => {
    const feed = await openFeed()
    let away = true
    feed.subscribe('peers', () => {
      if (away) throw new Error('the table is locked')
    })
    await feed.publish(dataSource.manager, 'peers', 'a')
    await waitFor('the feed to call itself silent', () => feed.isSilent())
    away = false
    await waitFor('the feed to be fresh again', () => !feed.isSilent())
  })

  it('fails to start where the database does not answer', async () => {
    const options = { url: 'postgresql://u:p@127.0.0.1:1/x', maxSilenceMs: 3_000, clock: new SystemClock(), log }
    await expect(new ChangeFeed(options).start()).rejects.toThrow('ECONNREFUSED')
  })
})
