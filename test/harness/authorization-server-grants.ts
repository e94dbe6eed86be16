import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { TokenWorth } from './authorization-server.js'

const grantRequest = z.object({
  client: z.union([z.string(), z.object({ walletAddress: z.string() }), z.object({ jwk: z.looseObject({}) })]),
  access_token: z.object({ access: z.array(z.looseObject({ type: z.string() })) }),
  interact: z
    .object({
      start: z.array(z.string()),
      finish: z.object({ method: z.string(), uri: z.string(), nonce: z.string() }),
    })
    .partial({ finish: true })
    .optional(),
})

type GrantRequest = z.infer<typeof grantRequest>

/** What the server around it offers. */
export interface Issuing {
  readonly url: string
  readonly grantUrl: string
  issue(worth: TokenWorth): string
  revoke(token: string): void
}

export interface Answered {
  readonly status: number
  readonly body?: unknown
  readonly location?: string
}

interface OpenGrant {
  readonly request: GrantRequest
  readonly endpoint: string
  readonly grant: string
  readonly continueToken: string
  readonly serverNonce: string
  readonly interactRef: string
  isApproved: boolean
}

/**
 * The grants of GNAP in the form of Open Payments, for clients under test: whatever is asked for is granted, payments out
 * after a visit to the interaction's page, and nobody's signature is looked at.
 */
export class GrantDesk {
  private readonly grants = new Map<string, OpenGrant>()
  private readonly tokens = new Map<string, { readonly token: string; readonly worth: TokenWorth }>()

  constructor(private readonly issuing: Issuing) {}

  answer(method: string, path: string, body: string, authorization: string | undefined): Answered {
    const [, place = '', id = ''] = path.split('/')
    if (method === 'POST' && place === 'grants') return this.request(id, grantRequest.parse(JSON.parse(body)))
    if (method === 'GET' && place === 'interact') return this.approve(id)
    if (place === 'continue') return method === 'POST' ? this.continue(id, body, authorization) : this.cancel(id)
    if (place === 'token') return method === 'POST' ? this.rotate(id) : this.revoke(id)
    return refused(404, 'invalid_request', `there is no ${method} ${path} here`)
  }

  private request(tenantId: string, request: GrantRequest): Answered {
    const id = randomUUID()
    const grant: OpenGrant = {
      request,
      endpoint: `${this.issuing.grantUrl}/${tenantId}`,
      grant: randomUUID(),
      continueToken: nonce(),
      serverNonce: nonce(),
      interactRef: nonce(),
      isApproved: !request.access_token.access.some(({ type }) => type === 'outgoing-payment'),
    }
    this.grants.set(id, grant)
    if (grant.isApproved) return this.granted(id, grant)
    if (request.interact === undefined) return refused(400, 'invalid_request', 'an outgoing payment needs interact')
    const interact = { redirect: `${this.issuing.url}/interact/${id}`, finish: grant.serverNonce }
    return { status: 200, body: { interact, continue: { ...this.continuation(id, grant), wait: 0 } } }
  }

  private approve(id: string): Answered {
    const grant = this.grants.get(id)
    if (grant === undefined) return refused(404, 'invalid_request', 'there is no such interaction')
    grant.isApproved = true
    const finish = grant.request.interact?.finish
    if (finish === undefined) return { status: 202 }
    const location = new URL(finish.uri)
    location.searchParams.set('interact_ref', grant.interactRef)
    // Rafiki's form, which clients compare with: standard base64 with padding.
    const hashed = [finish.nonce, grant.serverNonce, grant.interactRef, grant.endpoint].join('\n')
    location.searchParams.set('hash', createHash('sha256').update(hashed).digest('base64'))
    return { status: 302, location: location.href }
  }

  private continue(id: string, body: string, authorization: string | undefined): Answered {
    const grant = this.grants.get(id)
    if (grant === undefined || authorization !== `GNAP ${grant.continueToken}`)
      return refused(401, 'invalid_continuation', 'there is no such grant')
    if (!grant.isApproved) return refused(401, 'request_denied', 'nobody has approved it')
    const hasFinish = grant.request.interact?.finish !== undefined
    const isRightRef = body !== '' && JSON.parse(body).interact_ref === grant.interactRef
    return hasFinish && !isRightRef ? refused(401, 'request_denied', 'another interact_ref') : this.granted(id, grant)
  }

  private cancel(id: string): Answered {
    return this.grants.delete(id) ? { status: 204 } : refused(404, 'invalid_request', 'there is no such grant')
  }

  private rotate(id: string): Answered {
    const held = this.tokens.get(id)
    if (held === undefined) return refused(404, 'invalid_rotation', 'there is no such token')
    this.revoke(id)
    return { status: 200, body: { access_token: this.accessToken(held.worth) } }
  }

  private revoke(id: string): Answered {
    const held = this.tokens.get(id)
    if (held !== undefined) this.issuing.revoke(held.token)
    this.tokens.delete(id)
    return { status: 204 }
  }

  private granted(id: string, { request, endpoint: iss, grant, ...open }: OpenGrant): Answered {
    const worth = { client: request.client, access: request.access_token.access, grant, iss }
    return { status: 200, body: { access_token: this.accessToken(worth), continue: this.continuation(id, open) } }
  }

  private accessToken(worth: TokenWorth) {
    const [id, token] = [randomUUID(), this.issuing.issue(worth)]
    this.tokens.set(id, { token, worth })
    return { value: token, manage: `${this.issuing.url}/token/${id}`, expires_in: 600, access: worth.access }
  }

  private continuation(id: string, { continueToken: value }: Pick<OpenGrant, 'continueToken'>) {
    return { access_token: { value }, uri: `${this.issuing.url}/continue/${id}` }
  }
}

function refused(status: number, code: string, description: string): Answered {
  return { status, body: { error: { code, description } } }
}

function nonce(): string {
  return randomBytes(10).toString('hex').toUpperCase()
}
