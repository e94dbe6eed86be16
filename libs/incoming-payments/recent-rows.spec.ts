import { expect, it } from 'vitest'
import type { IncomingPayment } from './incoming-payment.entity.js'
import { RecentRows } from './recent-rows.js'

type Heard = (key: string | undefined) => void | Promise<void>

class Feed {
  heard: Heard = () => undefined
  silent = false

  subscribe(_topic: string, heard: Heard): void {
    this.heard = heard
  }

  isSilent(): boolean {
    return this.silent
  }
}

function rows(): { recent: RecentRows; feed: Feed; made: IncomingPayment } {
  const feed = new Feed()
  const recent = new RecentRows(feed)
  recent.start()
  const made: IncomingPayment = Object.assign(Object.create(null), { id: 'a' })
  recent.add(made)
  return { recent, feed, made }
}

it('gives a row until this process changes it, another has, or any may have', () => {
  for (const change of [
    ({ recent }: ReturnType<typeof rows>) => recent.forget('a'),
    ({ feed }: ReturnType<typeof rows>) => feed.heard('a'),
    ({ feed }: ReturnType<typeof rows>) => feed.heard(undefined),
  ]) {
    const own = rows()
    expect(own.recent.find('a')).toBe(own.made)
    own.feed.heard('b')
    expect(own.recent.find('a')).toBe(own.made)
    change(own)
    expect(own.recent.find('a')).toBeUndefined()
  }
})

it('gives none while changes are not heard', () => {
  const { recent, feed, made } = rows()
  feed.silent = true
  expect(recent.find('a')).toBeUndefined()
  feed.silent = false
  expect(recent.find('a')).toBe(made)
})
