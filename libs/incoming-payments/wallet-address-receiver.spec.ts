import { createHash, createHmac } from 'node:crypto'
import type { Prepare } from '@kivuko/ilp'
import { DomainError, ManualClock } from '@kivuko/platform'
import type { WalletAddress } from '@kivuko/wallet-addresses'
import { Packet } from 'ilp-protocol-stream/dist/src/packet.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { ConnectionTotals } from './connection-totals.js'
import { StreamServers } from './stream-servers.js'
import { WalletAddressReceiver } from './wallet-address-receiver.js'

const tenantId = '438fa74a-fa7d-4317-9ced-dde32ece1787'
const startMs = Date.UTC(2026, 0, 1)
const asset = {
  id: '0b1f4e0a-1d5f-4c3b-9a6e-5a1f0c7b8d90',
  tenantId,
  code: 'EUR',
  scale: 2,
  ledger: 1,
  withdrawalThreshold: null,
  liquidityThreshold: null,
  createdAt: new Date(startMs),
}
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
const servers = new StreamServers({ ilpAddress: 'test.kivuko', operatorTenantId: tenantId }, Buffer.alloc(32, 7))
const receiptSetup = { nonce: Buffer.alloc(16, 1), secret: Buffer.alloc(32, 2) }
const { ilpAddress, sharedSecret } = servers.of(tenantId).generateCredentials({ paymentTag: bob.id, receiptSetup })

let walletAddress: WalletAddress
let recorded: string[]
let totals: ConnectionTotals
let receiver: WalletAddressReceiver

beforeEach(() => {
  walletAddress = bob
  recorded = []
  totals = new ConnectionTotals()
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

/** A STREAM packet (RFC 29 §5.1) that its receiver can fulfill. */
async function prepare(amount: bigint): Promise<Prepare> {
  const key = (name: string) => createHmac('sha256', sharedSecret).update(name).digest()
  const packet = new Packet(1, 12, 0, [])
  const data = await packet.serializeAndEncrypt(key('ilp_stream_encryption'))
  const fulfillment = createHmac('sha256', key('ilp_stream_fulfillment')).update(data).digest()
  const executionCondition = createHash('sha256').update(fulfillment).digest()
  return { amount, expiresAt: new Date(startMs + 30_000), executionCondition, destination: ilpAddress, data }
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
    expect(await receiver.announce(destination, 10n)).toBeUndefined()
    await receiver.credited(destination)
    expect(recorded).toEqual([bob.id])
  })

  it('are counted once each for receipts, and not at all when they are released', async () => {
    const [one, other] = [await destinationOfBob(), await destinationOfBob()]
    await receiver.receive(await prepare(10n), one)
    await receiver.receive(await prepare(10n), one)
    await receiver.receive(await prepare(7n), other)
    receiver.released(other, 7n)
    const connectionId = createHash('sha256').update(ilpAddress).digest('hex')
    expect(totals.add(connectionId, 0n)).toBe(10n)
  })

  it('are refused once it is deactivated, and not counted', async () => {
    walletAddress = { ...bob, deactivatedAt: new Date(startMs - 1) }
    const destination = await destinationOfBob()
    await receiver.receive(await prepare(10n), destination)
    expect(await receiver.announce(destination, 10n)).toMatchObject({ code: 'F07' })
    expect(totals.add(createHash('sha256').update(ilpAddress).digest('hex'), 0n)).toBe(0n)
  })
})
