import { BatchedReads, type Clock, type Db } from '@kivuko/platform'
import { claimSignatures, type SignatureClaim } from './used-signatures.queries.js'

/**
 * Which signatures of calls were used, for every process on this database: the first to claim one has it. Claims that come
 * while a statement is under way share the next one.
 */
export class UsedSignatures {
  private readonly claims: BatchedReads<SignatureClaim, boolean>

  constructor(db: Db, clock: Clock) {
    this.claims = new BatchedReads(async (claims) => {
      // In one order, so that two processes never wait for each other's rows.
      const sorted = [...claims].sort((a, b) => (a.digest < b.digest ? -1 : 1))
      const claimed = new Set(await claimSignatures(db, sorted, clock.now()))
      return new Map(sorted.map((claim) => [claim, claimed.delete(claim.digest)]))
    })
  }

  /**
   * True for the first who shows this signature (64 hex digits). It is remembered until `forgetAtMs`: give a time when no
   * process takes it for fresh any more.
   */
  async claim(digest: string, forgetAtMs: number): Promise<boolean> {
    return (await this.claims.find({ digest, forgetAtMs })) ?? false
  }
}
