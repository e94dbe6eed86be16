import { hash, timingSafeEqual } from 'node:crypto'

export function hashToken(token: string): Buffer {
  return hash('sha256', token, 'buffer')
}

interface Entry {
  readonly digest: Buffer
  readonly peerId: string
}

/** Which peer a bearer token belongs to. Tokens are held as SHA-256 only: the memory of a node gives none away. */
export class IncomingTokens {
  private readonly byDigest = new Map<string, Entry>()
  private readonly ofPeer = new Map<string, readonly string[]>()

  /** Makes these the peer's only tokens. */
  set(peerId: string, digests: readonly Buffer[]): void {
    this.remove(peerId)
    for (const digest of digests) this.byDigest.set(key(digest), { digest, peerId })
    this.ofPeer.set(peerId, digests.map(key))
  }

  remove(peerId: string): void {
    for (const digest of this.ofPeer.get(peerId) ?? []) {
      // A token that moved to another peer in the meantime stays with that one.
      if (this.byDigest.get(digest)?.peerId === peerId) this.byDigest.delete(digest)
    }
    this.ofPeer.delete(peerId)
  }

  /** The lookup takes a hash an attacker cannot steer; the comparison after it takes the same time for every token. */
  peerOf(token: string): string | undefined {
    // As text at once: this is asked for each packet, and a hash that makes a buffer takes twice as long.
    const digest = hash('sha256', token, 'base64')
    const entry = this.byDigest.get(digest)
    return entry !== undefined && timingSafeEqual(entry.digest, Buffer.from(digest, 'base64'))
      ? entry.peerId
      : undefined
  }
}

function key(digest: Buffer): string {
  return digest.toString('base64')
}
