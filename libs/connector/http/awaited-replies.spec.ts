import { fulfill } from '@kivuko/ilp'
import { describe, expect, it } from 'vitest'
import { AwaitedReplies } from './awaited-replies.js'

const REPLY = fulfill(Buffer.alloc(32))

describe('an awaited reply', () => {
  it('is taken once, also when the second comes in the same moment', async () => {
    const replies = new AwaitedReplies()
    const awaited = replies.expect('id', 'bob', 1_000)
    expect([replies.take('id', 'bob', REPLY), replies.take('id', 'bob', REPLY)]).toEqual([true, false])
    expect(await awaited?.delivery).toEqual({ kind: 'replied', reply: REPLY })
  })

  it('that does not come in time is lost', async () => {
    const replies = new AwaitedReplies()
    expect(await replies.expect('id', 'bob', 1)?.delivery).toMatchObject({ kind: 'lost' })
  })

  it('is the last one when the node closes: no further one is awaited, and those under way are waited for', async () => {
    const replies = new AwaitedReplies()
    replies.expect('id', 'bob', 1_000)
    let isDrained = false
    const drained = replies.drained().then(() => {
      isDrained = true
    })
    expect(replies.expect('other', 'bob', 1_000)).toBeUndefined()
    await Promise.resolve()
    expect(isDrained).toBe(false)
    replies.take('id', 'bob', REPLY)
    await drained
  })
})
