import { createHash, randomBytes } from 'node:crypto'
import { decodeAmountTooLarge, type Prepare, type Reply } from '@kivuko/ilp'
import { ManualClock } from '@kivuko/platform'
import { beforeEach, describe, expect, it } from 'vitest'
import { HeldPayment } from './held-payment.js'
import type { IncomingPayment } from './incoming-payment.entity.js'
import { StreamReceiver } from './stream-receiver.js'
import {
  asset,
  streamPacket as newPacket,
  prepareOf,
  servers,
  startMs,
  streamPacketIn,
  tenantId,
} from './testing/stream-packets.js'

const row: IncomingPayment = {
  id: '9fa1c2de-6b4b-4e0c-8b0f-3d7b6f6f0a11',
  tenantId,
  walletAddressId: 'a3c1c2de-6b4b-4e0c-8b0f-3d7b6f6f0a11',
  assetId: asset.id,
  state: 'PENDING',
  incomingAmount: 100n,
  receivedAmount: 0n,
  expiresAt: new Date(startMs + 60_000),
  metadata: null,
  client: null,
  initiatedBy: 'ADMIN',
  senderWalletAddress: null,
  approvedAt: null,
  cancelledAt: null,
  cancellationReason: null,
  dueAt: null,
  finalEventId: null,
  completedAt: null,
  createdAt: new Date(startMs),
  updatedAt: new Date(startMs),
}
const credentials = servers.of(tenantId).generateCredentials({ paymentTag: row.id })

let clock: ManualClock
let payment: HeldPayment
let recorded: string[]
let forgotten: string[]
let receiver: StreamReceiver

function open(changes: Partial<IncomingPayment> = {}): void {
  const changed = { ...row, ...changes }
  payment = new HeldPayment(changed, asset, changed.receivedAmount)
}

beforeEach(() => {
  clock = new ManualClock(startMs)
  recorded = []
  open()
  forgotten = []
  const heldPayments = {
    find: (id: string) => (id === row.id ? payment : Promise.resolve(undefined)),
    forget: (id: string) => void forgotten.push(id),
  }
  const record = async ({ id }: { id: string }) => void recorded.push(id)
  receiver = new StreamReceiver(servers, heldPayments, { follow: record, record }, clock)
})

const streamPacket = (amount: bigint, minimum: bigint, { isProbe = false } = {}) =>
  newPacket(credentials, { amount, minimum, isProbe })

const packetIn = (reply: Reply) => streamPacketIn(credentials.sharedSecret, reply)

/** What a reply says has arrived. */
async function receivedAmountIn(reply: Reply): Promise<bigint> {
  return BigInt((await packetIn(reply)).prepareAmount.toString())
}

/** As the connector does: shown to the receiver, announced when it would be fulfilled. */
async function arrive(prepare: Prepare) {
  const destination = await receiver.find(prepare.destination)
  if (destination === undefined) throw new Error('the packet is not for us')
  const reply = await receiver.receive(prepare, destination)
  const answer = reply.type === 'fulfill' ? await receiver.announce(destination, prepare.amount) : 0n
  const taken = typeof answer === 'bigint' ? answer : 0n
  return { destination, reply, taken, refusal: typeof answer === 'bigint' ? undefined : answer }
}

describe('a packet for an incoming payment', () => {
  it('finds the account of the payment, by the address alone', async () => {
    const { destination } = await arrive(await streamPacket(10n, 10n))
    expect(destination).toMatchObject({ kind: 'incoming-payment', id: row.id, tenantId, asset: { code: 'EUR' } })
    expect(await receiver.find('test.kivuko.bm8gdG9rZW4')).toBeUndefined()
  })

  it('is fulfilled with the preimage of its condition, and credited', async () => {
    const prepare = await streamPacket(60n, 60n)
    const { destination, reply, refusal } = await arrive(prepare)
    expect(refusal).toBeUndefined()
    if (reply.type !== 'fulfill') throw new Error(`rejected: ${reply.code}`)
    expect(createHash('sha256').update(reply.fulfillment).digest()).toEqual(prepare.executionCondition)
    await receiver.credited(destination, 60n)
    expect(payment.missing()).toBe(40n)
    expect(recorded).toEqual([row.id])
  })

  it('of which the ledger did not tell has its payment and row read anew', async () => {
    const { destination, taken } = await arrive(await streamPacket(60n, 60n))
    receiver.released(destination, taken)
    await receiver.uncertain(destination)
    expect([forgotten, recorded]).toEqual([[row.id], [row.id]])
  })

  it('is answered as a probe when nobody can fulfill it, whatever its amount and the state of the payment', async () => {
    open({ state: 'COMPLETED', receivedAmount: 100n })
    const { reply } = await arrive(await streamPacket(10n ** 12n, 0n, { isProbe: true }))
    // Of F05 and F04 some senders make the end of the payment.
    expect(reply).toMatchObject({ type: 'reject', code: 'F99' })
    expect(await receivedAmountIn(reply)).toBe(10n ** 12n)
  })

  it('is rejected when it brings less than its sender wants to arrive', async () => {
    const { reply } = await arrive(await streamPacket(10n, 11n))
    expect(reply).toMatchObject({ type: 'reject', code: 'F99' })
    expect(await receivedAmountIn(reply)).toBe(10n)
  })
})

describe('an incoming payment never takes more than it asks for', () => {
  it('tells the sender of a packet that is too large how much is missing', async () => {
    open({ receivedAmount: 30n })
    const { refusal } = await arrive(await streamPacket(200n, 198n))
    expect(refusal?.code).toBe('F08')
    expect(decodeAmountTooLarge(refusal?.data ?? Buffer.alloc(0))).toEqual({ receivedAmount: 200n, maximumAmount: 70n })
  })

  it('counts what is on its way, and takes it back when it does not come', async () => {
    const first = await arrive(await streamPacket(100n, 100n))
    expect(first.refusal).toBeUndefined()
    expect((await arrive(await streamPacket(1n, 1n))).refusal?.code).toBe('T99')
    receiver.released(first.destination, 100n)
    expect((await arrive(await streamPacket(1n, 1n))).refusal).toBeUndefined()
  })

  it('takes what is missing of the last packet of an exact delivery, whose surplus is rounding', async () => {
    open({ receivedAmount: 95n })
    // One source unit is worth 18 here; its sender asks for no more than what is missing.
    const { destination, reply, taken } = await arrive(await streamPacket(18n, 5n))
    expect(taken).toBe(5n)
    expect(payment.missing()).toBe(0n)
    await receiver.credited(destination, 5n)
    expect(payment.isOpen).toBe(false)
    // The sender is told what was credited, now and when the packet comes again.
    expect(await receivedAmountIn(receiver.answer(reply, destination, 5n))).toBe(5n)
    expect(await receivedAmountIn(receiver.answer(reply, destination, 18n))).toBe(18n)
  })

  it('takes nothing of a packet whose sender wants more to arrive than is missing', async () => {
    open({ receivedAmount: 95n })
    const late = await streamPacket(18n, 5n)
    await arrive(await streamPacket(3n, 3n))
    expect((await arrive(late)).refusal).toMatchObject({ code: 'F08' })
  })

  it('looks at the ledger again when another process was faster', async () => {
    const { destination } = await arrive(await streamPacket(100n, 100n))
    receiver.released(destination, 100n)
    receiver.overtaken(destination)
    expect(forgotten).toEqual([row.id])
  })

  it('takes any amount when it asks for none', async () => {
    open({ incomingAmount: null })
    expect((await arrive(await streamPacket(10n ** 15n, 1n))).refusal).toBeUndefined()
  })
})

describe('an incoming payment that is closed', () => {
  it.each(['COMPLETED', 'EXPIRED'] as const)('as %s takes nothing more', async (state) => {
    open({ state })
    const { reply, refusal } = await arrive(await streamPacket(1n, 1n))
    // The answer is kept for a packet that was credited before and comes again.
    expect(reply.type).toBe('fulfill')
    expect(refusal).toMatchObject({ code: 'F07' })
  })

  it('by time takes nothing from that very moment on', async () => {
    clock.advance(59_999)
    expect((await arrive(await streamPacket(1n, 1n))).refusal).toBeUndefined()
    clock.advance(1)
    expect((await arrive(await streamPacket(1n, 1n))).refusal?.message).toContain('expired at 2026-01-01T00:01:00.000Z')
  })

  it('by another process takes nothing as soon as that is known', async () => {
    payment.refresh({ ...row, state: 'COMPLETED', receivedAmount: 100n })
    expect((await arrive(await streamPacket(1n, 1n))).refusal?.code).toBe('F07')
  })
})

// Version 1, in a prepare (12), sequence 7, at least 10 to arrive, no frames.
const PLAIN = Buffer.from('010c010701' + '0a' + '0100', 'hex')

describe('the rules of STREAM (RFC 29)', () => {
  const replyTo = async (prepare: Prepare) => (await arrive(prepare)).reply

  it('what cannot be decrypted is an unexpected payment, F06, although its condition could be met', async () => {
    const { data, ...prepare } = prepareOf(credentials, PLAIN)
    const broken = Buffer.from(data)
    broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1
    const strangers = prepareOf({ ...credentials, sharedSecret: randomBytes(32) }, PLAIN)
    for (const each of [{ ...prepare, data: broken }, { ...prepare, data: Buffer.alloc(0) }, strangers]) {
      expect(await replyTo(each)).toMatchObject({ type: 'reject', code: 'F06', data: Buffer.alloc(0) })
    }
  })

  it.each([13, 14])(
    'a packet that says it belongs into the ILP type %i is not taken out of a prepare',
    async (type) => {
      const plaintext = Buffer.from(PLAIN)
      plaintext[1] = type
      expect(await replyTo(prepareOf(credentials, plaintext))).toMatchObject({ type: 'reject', code: 'F00' })
    },
  )

  it('the answer repeats the sequence, names its own ILP type, and says what has arrived', async () => {
    const fulfilled = await replyTo(prepareOf(credentials, PLAIN))
    expect(fulfilled.type).toBe('fulfill')
    expect((await packetIn(fulfilled)).ilpPacketType.valueOf()).toBe(13)
    const tooLittle = Buffer.from(PLAIN)
    tooLittle[5] = 11
    const rejected = await replyTo(prepareOf(credentials, tooLittle))
    expect(rejected.type).toBe('reject')
    expect((await packetIn(rejected)).ilpPacketType.valueOf()).toBe(14)
    for (const reply of [fulfilled, rejected]) {
      expect((await packetIn(reply)).sequence.toString()).toBe('7')
      expect(await receivedAmountIn(reply)).toBe(10n)
    }
  })

  it('frames of unknown types and bytes after the frames are ignored', async () => {
    const unknownFrame = Buffer.from('010c010701' + '0a' + '0101' + '7f03616263', 'hex')
    const padded = Buffer.concat([PLAIN, Buffer.alloc(100)])
    for (const plaintext of [unknownFrame, padded])
      expect((await replyTo(prepareOf(credentials, plaintext))).type).toBe('fulfill')
  })

  it('no two answers are encrypted with the same nonce', async () => {
    const prepare = prepareOf(credentials, PLAIN)
    const replies = await Promise.all(Array.from({ length: 50 }, () => replyTo(prepare)))
    expect(new Set(replies.map(({ data }) => data.subarray(0, 12).toString('hex'))).size).toBe(50)
  })

  it('the sender is told which asset arrives, where it cannot know', async () => {
    const newAddress = Buffer.from('746573742e73656e646572', 'hex')
    const frame = Buffer.concat([Buffer.from([0x02, newAddress.length + 1, newAddress.length]), newAddress])
    const plaintext = Buffer.concat([Buffer.from('010c010701' + '0a' + '0101', 'hex'), frame])
    const withAsset = servers.of(tenantId).generateCredentials({ paymentTag: row.id, asset })
    const reply = await replyTo(prepareOf(withAsset, plaintext))
    const packet = await streamPacketIn(withAsset.sharedSecret, reply)
    expect(packet.frames).toContainEqual(expect.objectContaining({ sourceAssetCode: 'EUR', sourceAssetScale: 2 }))
  })
})
