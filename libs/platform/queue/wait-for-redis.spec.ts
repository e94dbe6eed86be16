import { describe, expect, it } from 'vitest'
import { judgeRedis } from './wait-for-redis.js'

const report = (version: string, policy: string) =>
  `# Server\r\nredis_version:${version}\r\nos:Linux\r\n# Memory\r\nmaxmemory_policy:${policy}\r\n`

describe('a Redis for the queue', () => {
  it.each(['6.2.0', '6.10.1', '7.0.15', '10.0.0'])('may be %s, when it evicts nothing', (version) => {
    expect(judgeRedis(report(version, 'noeviction'))).toBeUndefined()
  })

  it.each(['5.0.14', '6.0.16', '6.1.240'])('is too old as %s', (version) => {
    expect(judgeRedis(report(version, 'noeviction'))).toEqual({
      message: `it says "redis_version:${version}", needed is Redis 6.2 or later`,
      lasting: true,
    })
  })

  it('must not evict, because it would drop jobs', () => {
    expect(judgeRedis(report('7.0.15', 'allkeys-lru'))).toEqual({
      message: 'its maxmemory-policy is allkeys-lru; set it to noeviction, because a full Redis would drop jobs',
      lasting: true,
    })
  })

  it('that says nothing of a policy, as some hosted ones do, is taken', () => {
    expect(judgeRedis('redis_version:7.2.4\r\n')).toBeUndefined()
  })
})
