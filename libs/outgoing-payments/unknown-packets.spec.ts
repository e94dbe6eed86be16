import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Delivered } from './explain-total.js'
import { LossyPath, payment } from './testing/lossy-path.js'

const nothing: Delivered = { sentAmount: 0n, deliveredAmount: 0n }

let path: LossyPath
let waiting: AbortController

beforeEach(async () => {
  path = await LossyPath.open()
  waiting = new AbortController()
})

const resolve = (known = nothing) => path.unknownPackets.resolve(payment, known, waiting.signal)

describe('packets whose answer was lost', () => {
  it('are given back when nothing more has arrived', async () => {
    await path.lose(10n, 100n)
    await path.lose(11n, 100n)
    path.expire()
    expect(await resolve()).toEqual(nothing)
    expect(await path.account()).toEqual({ sent: 0n, reserved: 0n })
  })

  it('are charged as far as the receiver has received more than is known', async () => {
    await path.deliver(9n, 150n)
    await path.lose(10n, 100n)
    await path.lose(11n, 50n)
    path.expire()
    // At a rate of 2, the packet of 1.00 has brought 2.00 over the 5.00 from before and the 3.00 that are known.
    path.received = 1_000n
    const known = { sentAmount: 150n, deliveredAmount: 300n }
    expect(await resolve(known)).toEqual({ sentAmount: 250n, deliveredAmount: 500n })
    expect(await path.account()).toEqual({ sent: 250n, reserved: 0n })
    expect(path.listed).toEqual([])
  })

  it('are charged by their sum, also when the younger one has arrived', async () => {
    await path.lose(10n, 30n)
    await path.lose(11n, 100n)
    path.expire()
    path.received = 700n
    expect(await resolve()).toEqual({ sentAmount: 100n, deliveredAmount: 200n })
    expect(await path.account()).toEqual({ sent: 100n, reserved: 0n })
  })

  it('stay as they are while the receiver cannot be read', async () => {
    await path.lose(10n, 100n)
    path.expire()
    path.received = undefined
    expect(await resolve()).toBeUndefined()
    expect(await path.account()).toEqual({ sent: 0n, reserved: 100n })
  })

  it('are waited for until they can be fulfilled no more, and left to the next attempt when this one is stopped', async () => {
    await path.lose(10n, 100n)
    const resolving = resolve()
    await new Promise(setImmediate)
    waiting.abort()
    expect(await resolving).toBeUndefined()
    expect(await path.account()).toEqual({ sent: 0n, reserved: 100n })
  })

  it('cost nothing when there are none', async () => {
    path.received = undefined
    expect(await resolve()).toEqual(nothing)
  })
})

describe('while packets are being explained', () => {
  it('an answer that came late has ended its packet, and explains no other', async () => {
    await path.lose(10n, 100n)
    await path.lose(11n, 100n)
    path.expire()
    path.received = 700n
    // The younger one is the one that arrived: its fulfill is late, and comes when the receiver has been read.
    path.afterReading = () => path.ledger.post([11n])
    expect(await resolve()).toEqual({ sentAmount: 100n, deliveredAmount: 200n })
    expect(await path.account()).toEqual({ sent: 100n, reserved: 0n })
  })

  it('what an attempt that was cut off had posted explains no other', async () => {
    await path.deliver(9n, 100n)
    await path.lose(10n, 100n)
    path.expire()
    path.received = 700n
    expect(await resolve()).toEqual({ sentAmount: 100n, deliveredAmount: 200n })
    expect(await path.account()).toEqual({ sent: 100n, reserved: 0n })
  })

  it('one that was fulfilled and is not posted yet is charged, not given back', async () => {
    await path.lose(10n, 100n)
    await path.lose(11n, 30n)
    path.expire()
    path.received = 700n
    // The sender had the fulfill of the first; its post has not been confirmed.
    const known = { sentAmount: 100n, deliveredAmount: 200n }
    expect(await resolve(known)).toEqual(known)
    expect(await path.account()).toEqual({ sent: 100n, reserved: 0n })
  })

  it('one that leaves meanwhile is waited for', async () => {
    await path.lose(10n, 100n)
    path.expire()
    path.received = 500n
    path.afterReading = async () => {
      path.afterReading = async () => undefined
      await path.lose(11n, 50n)
      path.received = 600n
    }
    const resolving = resolve()
    await vi.waitFor(async () => expect((await path.account()).reserved).toBe(150n))
    expect(await path.account()).toEqual({ sent: 0n, reserved: 150n })
    path.expire()
    expect(await resolving).toEqual({ sentAmount: 50n, deliveredAmount: 100n })
    expect(await path.account()).toEqual({ sent: 50n, reserved: 0n })
  })

  it('what the ledger did not confirm is looked at again, and counted once', async () => {
    await path.lose(10n, 100n)
    path.expire()
    path.received = 700n
    const post = path.ledger.post.bind(path.ledger)
    vi.spyOn(path.ledger, 'post').mockImplementationOnce(async (ids) => {
      await post(ids)
      return { kind: 'unknown', message: 'no answer' }
    })
    expect(await resolve()).toEqual({ sentAmount: 100n, deliveredAmount: 200n })
    expect(await path.account()).toEqual({ sent: 100n, reserved: 0n })
  })
})

describe('packets of which the total does not tell what became', () => {
  it('are listed before they are ended', async () => {
    await path.lose(10n, 100n)
    path.expire()
    // Somebody else pays the receiver too.
    path.received = 9_000n
    path.listFails = new Error('the database does not answer')
    await expect(resolve()).rejects.toThrow('does not answer')
    expect(await path.account()).toEqual({ sent: 0n, reserved: 100n })
    path.listFails = undefined
    expect(await resolve()).toEqual({ sentAmount: 100n, deliveredAmount: 200n })
    expect(path.listed).toEqual([10n])
  })
})
