import { PostgresQueueConnection } from '@kivuko/platform'
import { freshDatabase } from '../../harness/postgres.js'
import { describeJobQueue, quietLog } from './job-queue-contract.js'

describeJobQueue('Postgres', async () => {
  const database = await freshDatabase('queue')
  const connection = new PostgresQueueConnection(database.url, quietLog)
  return {
    connection,
    async countCalls(act) {
      const { query } = connection.pool
      let calls = 0
      connection.pool.query = new Proxy(query, {
        apply: (target, self, args) => {
          calls += 1
          return Reflect.apply(target, self, args)
        },
      })
      await act()
      connection.pool.query = query
      return calls
    },
    lose: async () => void (await database.query('alter schema bullmq rename to away')),
    bringBack: async () => void (await database.query('alter schema away rename to bullmq')),
    close: () => database.drop(),
  }
})
