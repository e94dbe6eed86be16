import { type Redis, type RedisOptions, ReplyError } from 'ioredis'
import { messageOf } from '../errors.js'
import type { Logger } from '../logging/logger.js'
import { type ServerProblem, waitForServer } from '../wait-for-server.js'

// The oldest that BullMQ recommends.
const OLDEST_VERSION = { major: 6, minor: 2 }

// What a server says while it starts or changes its role; anything else it says itself will not change by asking again.
const PASSING = /^(LOADING|BUSY|MASTERDOWN|READONLY|TRYAGAIN)/

/** Resolves when the server can carry the queue; waits for one that is still starting, but not for a wrong password. */
export function waitForRedis(url: string, open: (options: RedisOptions) => Redis, log: Logger): Promise<void> {
  return waitForServer(
    {
      variable: 'REDIS_URL',
      name: `Redis at ${new URL(url).host}`,
      advice: 'Correct that, or unset REDIS_URL to keep the queue in Postgres.',
      attempt: () => tryRedis(open({ lazyConnect: true, retryStrategy: () => null })),
    },
    log,
  )
}

async function tryRedis(client: Redis): Promise<ServerProblem | undefined> {
  let heard: unknown
  client.on('error', (error) => {
    heard = error
  })
  try {
    await client.connect()
    return judgeRedis(await client.info())
  } catch (error) {
    // What connect() rejects with is only that the connection closed; the reason was an event.
    const reason = heard ?? error
    return { message: messageOf(reason), lasting: reason instanceof ReplyError && !PASSING.test(messageOf(reason)) }
  } finally {
    client.disconnect()
  }
}

/** Whether a server with this report (INFO) can carry the queue. */
export function judgeRedis(report: string): ServerProblem | undefined {
  const [version = '', major = '0', minor = '0'] = /^redis_version:(\d+)\.(\d+)\S*/m.exec(report) ?? []
  const policy = /^maxmemory_policy:(\S+)/m.exec(report)?.[1]
  const isOld =
    BigInt(major) < OLDEST_VERSION.major ||
    (BigInt(major) === BigInt(OLDEST_VERSION.major) && BigInt(minor) < OLDEST_VERSION.minor)
  if (isOld) {
    const needed = `${OLDEST_VERSION.major}.${OLDEST_VERSION.minor}`
    return { message: `it says "${version}", needed is Redis ${needed} or later`, lasting: true }
  }
  if (policy === undefined || policy === 'noeviction') return undefined
  const advice = 'set it to noeviction, because a full Redis would drop jobs'
  return { message: `its maxmemory-policy is ${policy}; ${advice}`, lasting: true }
}
