import type { Reply } from '@kivuko/ilp'
import { DomainError, ManualClock } from '@kivuko/platform'
import type { WalletAddress } from '@kivuko/wallet-addresses'
import { verifyReceipt } from 'ilp-protocol-stream'
import { StreamReceiptFrame } from 'ilp-protocol-stream/dist/src/packet.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { ConnectionTotals } from './connection-totals.js'
import { asset, servers, startMs, streamPacket, streamPacketIn, tenantId } from './testing/stream-packets.js'
import { WalletAddressReceiver } from './wallet-address-receiver.js'

const bob: WalletAddress = {
  id: 'a3c1c2de-6b4b-4e0c-8b0f-3d7b6f6f0a11',
  tenantId,
  address: 'https://bank.example/bob',
  publicName: null,
  assetId: asset.id,
  asset,
  additionalProperties: [],
  deactivatedAt: null,
  createdAt: new Date(startMs),
}

let receiptSetup: { nonce: Buffer; secret: Buffer }
let ilpAddress: string
let sharedSecret: Buffer

let walletAddress: WalletAddress
let recorded: string[]
let totals: MemoryTotals
let receiver: WalletAddressReceiver

/** New credentials for packets whose sender wants receipts. */
function open(): void {
  const { code, scale } = asset
  const setup = { paymentTag: bob.id, receiptSetup, asset: { code, scale } }
  ;({ ilpAddress, sharedSecret } = servers.of(tenantId).generateCredentials(setup))
}

beforeEach(() => {
  receiptSetup = { nonce: Buffer.alloc(16, 1), secret: Buffer.alloc(32, 2) }
  open()
  walletAddress = bob
  recorded = []
  totals = new MemoryTotals()
  const walletAddresses = {
    async get(tenant: string | undefined, id: string) {
      if (tenant === tenantId && id === bob.id) return walletAddress
      throw new DomainError('not-found', 'UnknownWalletAddress', id)
    },
  }
  const receipts = {
    async record({ id }: WalletAddress) {
      recorded.push(id)
    },
  }
  receiver = new WalletAddressReceiver(servers, walletAddresses, receipts, totals, new ManualClock(startMs))
})

const prepare = (amount: bigint) => streamPacket({ ilpAddress, sharedSecret }, { amount })

/** Shown to the receiver, as the connector does before it asks the ledger. */
async function shown(amount: bigint) {
  const destination = await destinationOfBob()
  const reply = await receiver.receive(await prepare(amount), destination)
  return { destination, reply, answer: (isRepeated = false) => receiver.answer(reply, destination, amount, isRepeated) }
}

async function receiptBytesIn(reply: Reply): Promise<Buffer | undefined> {
  expect(reply.type).toBe('fulfill')
  const { frames } = await streamPacketIn(sharedSecret, reply)
  return frames.find((frame) => frame instanceof StreamReceiptFrame)?.receipt
}

/** What the receipt in a reply says, if there is one. */
async function receiptIn(reply: Reply): Promise<bigint | undefined> {
  const receipt = await receiptBytesIn(reply)
  return receipt && BigInt(verifyReceipt(receipt, receiptSetup.secret).totalReceived.toString())
}

async function destinationOfBob() {
  const found = await receiver.find(ilpAddress)
  if (found === undefined) throw new Error('the wallet address was not found')
  return found
}

describe('packets for a wallet address', () => {
  it('find its ledger account by its id', async () => {
    expect(await destinationOfBob()).toMatchObject({ kind: 'wallet-address', id: bob.id, tenantId, asset })
    const nobody = servers.of(tenantId).generateCredentials({ paymentTag: '00000000-0000-4000-8000-000000000000' })
    expect(await receiver.find(nobody.ilpAddress)).toBeUndefined()
    expect(await receiver.find('test.kivuko.made-up')).toBeUndefined()
  })

  it('are fulfilled, and recorded once credited', async () => {
    const destination = await destinationOfBob()
    const { type } = await receiver.receive(await prepare(10n), destination)
    expect(type).toBe('fulfill')
    expect(await receiver.announce(destination)).toBeUndefined()
    await receiver.credited(destination)
    expect(recorded).toEqual([bob.id])
  })

  it('are refused once it is deactivated', async () => {
    walletAddress = { ...bob, deactivatedAt: new Date(startMs - 1) }
    const { destination } = await shown(10n)
    expect(await receiver.announce(destination)).toMatchObject({ code: 'F07' })
  })
})

describe('a receipt', () => {
  it('tells what has been credited, and nothing of what is on its way or has not come', async () => {
    const [one, other] = [await shown(10n), await shown(7n)]
    expect(await receiptIn(one.reply)).toBeUndefined()
    expect(await receiptIn(await other.answer())).toBe(7n)
    receiver.released()
    expect(await receiptIn(await (await shown(1n)).answer())).toBe(8n)
  })

  it('counts a packet once, and is given again when it comes again', async () => {
    const { answer } = await shown(10n)
    expect(await receiptIn(await answer())).toBe(10n)
    expect(await receiptIn(await answer(true))).toBe(10n)
  })

  it('is left out when the total cannot be told, cannot be told in time, or is more than a receipt can say', async () => {
    const { answer } = await shown(10n)
    totals.answer = async () => undefined
    expect(await receiptIn(await answer())).toBeUndefined()
    totals.answer = () => new Promise(() => undefined)
    const startedAt = performance.now()
    expect(await receiptIn(await answer())).toBeUndefined()
    expect(performance.now() - startedAt).toBeLessThan(5_000)
    totals.answer = async () => 2n ** 64n
    expect(await receiptIn(await answer())).toBeUndefined()
    totals.answer = async () => 2n ** 64n - 1n
    expect(await receiptIn(await answer())).toBe(2n ** 64n - 1n)
  })

  it('is not asked for, and nothing is counted, where the sender wants none', async () => {
    const { code, scale } = asset
    expect(servers.hasReceipts(ilpAddress, tenantId, code)).toBe(true)
    const plain = servers.of(tenantId).generateCredentials({ paymentTag: bob.id, asset: { code, scale } })
    expect(servers.hasReceipts(plain.ilpAddress, tenantId, code)).toBe(false)
    ;({ ilpAddress, sharedSecret } = plain)
    const { reply, answer } = await shown(10n)
    expect(await answer()).toBe(reply)
    expect(totals.asked).toBe(0)
  })

  it('has the bytes of the known answer for a nonce and a secret of zeros, stream 1 and a total of 500', async () => {
    // A STREAM packet with one receipt frame, whose last 58 bytes are the receipt.
    const vector = Buffer.from(
      'AQwBAAEAAQEXPQEBOgEAAAAAAAAAAAAAAAAAAAAAAQAAAAAAAAH0wSL6AlLeu2ctWRgj9xDplRbWc4XPOX2ofMj56Mi/UTA=',
      'base64',
    )
    receiptSetup = { nonce: Buffer.alloc(16), secret: Buffer.alloc(32) }
    open()
    totals.answer = async () => 500n
    expect(await receiptBytesIn(await (await shown(1n)).answer())).toEqual(vector.subarray(-58))
  })
})

/** Totals of one process, which can be made to answer otherwise. */
class MemoryTotals extends ConnectionTotals {
  asked = 0
  answer: (() => Promise<bigint | undefined>) | undefined
  private readonly totals = new Map<string, bigint>()

  async add(connectionId: string, amount: bigint): Promise<bigint | undefined> {
    this.asked++
    if (this.answer) return this.answer()
    const total = (this.totals.get(connectionId) ?? 0n) + amount
    this.totals.set(connectionId, total)
    return total
  }
}
