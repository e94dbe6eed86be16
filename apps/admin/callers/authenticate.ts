import type { Clock } from '@kivuko/platform'
import { DomainError } from '@kivuko/platform'
import type { Caller } from './caller.js'
import { isSignedBy, isWithinWindow, parseSignature, type Signature, type SignedBody } from './signature.js'

/** Where the secrets are: the tenants of this node. */
export interface TenantSecrets {
  readonly operatorTenantId: string
  get(id: string): Promise<{ readonly apiSecret: string } | undefined>
}

export interface SignatureRules {
  readonly version: number
  readonly ttlSeconds: number
}

/** What the headers of a request claim, before its body is known. */
export interface Claim {
  readonly tenantId: string
  readonly signature: Signature
}

export type Headers = Readonly<Record<string, string | string[] | undefined>>

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Finds out who signed a request: first from its headers alone, then with its body. Refuses by throwing. */
export class Authentication {
  private readonly windowMs: number

  constructor(
    private readonly rules: SignatureRules,
    private readonly tenants: TenantSecrets,
    private readonly clock: Clock,
  ) {
    this.windowMs = rules.ttlSeconds * 1000
  }

  /** Refuses what no body can make right, so that the body of a stranger is not even read. */
  claim(headers: Headers): Claim {
    const tenantId = headers['tenant-id']
    if (typeof tenantId !== 'string' || !UUID.test(tenantId)) {
      throw refused('the header tenant-id must hold the UUID of a tenant')
    }
    return { tenantId: tenantId.toLowerCase(), signature: this.readSignature(headers.signature) }
  }

  /** Checks the signature over the body. Whether it was used before is another question. */
  async verify({ tenantId, signature }: Claim, body: SignedBody): Promise<Caller> {
    const tenant = await this.tenants.get(tenantId)
    // An unknown tenant and a wrong secret are told alike: a stranger learns nothing of who is here.
    if (tenant === undefined || !isSignedBy(tenant.apiSecret, signature, body)) {
      throw refused(
        'the signature does not fit the tenant and the body; sign "<t>.<canonical JSON of query, variables, operationName>" with HMAC-SHA256 and the API secret of the tenant',
      )
    }
    return { tenantId, isOperator: tenantId === this.tenants.operatorTenantId }
  }

  /** When no process takes the signature for fresh any more, not even one whose clock is late by a whole window. */
  staleAtMs({ signature }: Claim): number {
    return signature.timestampMs + 2 * this.windowMs
  }

  private readSignature(header: string | string[] | undefined): Signature {
    const signature = typeof header === 'string' ? parseSignature(header) : undefined
    if (signature === undefined) {
      throw refused('the header signature must read "t=<milliseconds>, v<version>=<64 hex digits>"')
    }
    if (signature.version !== this.rules.version) {
      throw refused(`the signature version must be ${this.rules.version}, found ${signature.version}`)
    }
    const nowMs = this.clock.nowMs()
    if (!isWithinWindow(signature.timestampMs, nowMs, this.windowMs)) {
      const offMs = signature.timestampMs - nowMs
      throw refused(
        `the signature's time is ${offMs} ms off this node's clock, at most ${this.windowMs} ms are accepted; check both clocks`,
      )
    }
    return signature
  }
}

/** The refusal of a signature that was shown before. */
export function replayed(): DomainError {
  return refused('this signature was used before; sign each call with its own time')
}

function refused(why: string): DomainError {
  return new DomainError('unauthenticated', 'Unauthorized', `Unauthorized: ${why}`)
}
