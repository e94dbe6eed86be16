import type { KeyObject } from 'node:crypto'
import type { Clock } from '@kivuko/platform'
import type { ClientIdentity } from '../introspection/token-introspection.js'
import { publicKeyOf } from '../signatures/ed25519-key.js'
import { SignatureRefused } from '../signatures/signature-refused.js'
import type { FetchKeys, KeySet } from './fetch-keys.js'

// A key that a client takes away is refused after this time; one that it adds is found at once.
const LIFETIME_MS = 60_000
// A client whose keys cannot be had, or that has no such key, is asked again after this time.
const RETRY_MS = 5_000
const MAX_CLIENTS = 1_000

/** What was found at a client's wallet address, or why nothing was. */
interface Found {
  readonly keys: KeySet | SignatureRefused
  readonly atMs: number
}

/** The public keys of clients: in the grant itself, or at the client's wallet address, kept for a while. */
export class ClientKeys {
  private readonly found = new Map<string, Found>()
  private readonly underWay = new Map<string, Promise<Found>>()

  constructor(
    private readonly fetchKeys: FetchKeys,
    private readonly clock: Clock,
  ) {}

  /** Undefined: the client has no such key. Throws SignatureRefused when its keys cannot be had. */
  async find(client: ClientIdentity, keyId: string): Promise<KeyObject | undefined> {
    if ('jwk' in client) return client.jwk.kid === keyId ? publicKeyOf(client.jwk) : undefined
    const { keys } = await this.keysAt(client.walletAddress, keyId)
    if (keys instanceof SignatureRefused) throw keys
    return keys.get(keyId)
  }

  private async keysAt(walletAddress: string, keyId: string): Promise<Found> {
    const known = this.found.get(walletAddress)
    if (known !== undefined && this.clock.nowMs() - known.atMs < lifetimeMs(known, keyId)) return known
    const underWay = this.underWay.get(walletAddress) ?? this.fetch(walletAddress)
    this.underWay.set(walletAddress, underWay)
    try {
      return await underWay
    } finally {
      this.underWay.delete(walletAddress)
    }
  }

  private async fetch(walletAddress: string): Promise<Found> {
    const found = { keys: await this.fetchKeys(walletAddress).catch(refused), atMs: this.clock.nowMs() }
    this.found.delete(walletAddress)
    this.found.set(walletAddress, found)
    const [oldest] = this.found.keys()
    if (this.found.size > MAX_CLIENTS && oldest !== undefined) this.found.delete(oldest)
    return found
  }
}

function lifetimeMs({ keys }: Found, keyId: string): number {
  return keys instanceof SignatureRefused || !keys.has(keyId) ? RETRY_MS : LIFETIME_MS
}

function refused(error: unknown): SignatureRefused {
  if (error instanceof SignatureRefused) return error
  throw error
}
