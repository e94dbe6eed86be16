import { generateKeyPairSync } from 'node:crypto'
import { messageOf, SystemClock } from '@kivuko/platform'
import type { AuthorizationServer, TokenWorth } from '../harness/authorization-server.js'
import type { SignedCall, SigningClient } from '../harness/authorization-server-client.js'
import { DEV_TOKEN } from '../harness/node-settings.js'
import { leaked } from './admin-knock.js'
import { type DatabaseWatch, isNothing } from './database-watch.js'
import { openRoutes, type Recipe, type RestCall, type RestClient, type Right, recipes } from './rest-recipes.js'
import type { Tally } from './tally.js'
import { secretsOf, type TenantWorld } from './tenant-world.js'

const EVERYTHING = [
  { type: 'incoming-payment', actions: ['create', 'complete', 'read', 'list'] },
  { type: 'outgoing-payment', actions: ['create', 'read', 'list'] },
  { type: 'quote', actions: ['create', 'read'] },
]
const clock = new SystemClock()
const strangersKey = generateKeyPairSync('ed25519').privateKey

export interface RestWalkParts {
  readonly authorizationServer: AuthorizationServer
  /** The client whose resources are tried, and another one with a wallet address and a key of its own. */
  readonly client: SigningClient
  readonly otherClient: SigningClient
  readonly victim: TenantWorld
  readonly rival: TenantWorld
  readonly watch: DatabaseWatch
  readonly tally: Tally
}

type Attempt = () => Promise<Response>

/** Tries every route of the Open Payments door as whoever must not, and then as whoever may. */
export class RestWalk {
  constructor(private readonly parts: RestWalkParts) {}

  async everyRoute(routes: readonly string[]): Promise<void> {
    for (const route of routes) {
      await this.walk(route).catch((error: unknown) => this.parts.tally.hole('open-payments', route, messageOf(error)))
    }
  }

  private async walk(route: string): Promise<void> {
    const [method = '', pattern = ''] = route.split(' ')
    const open = openRoutes[pattern]
    if (open !== undefined) return this.mustBePublic(route, method, open(this.parts.victim))
    const recipe = recipes[route.replace(/^HEAD /, 'GET ')]
    if (recipe === undefined || !isMethod(method)) {
      throw new Error('the walk cannot call this route: add it to test/walk/rest-recipes.ts')
    }
    const call = { method, ...(await recipe.make(this.parts.victim, this.everything())) }
    const { change } = await this.parts.watch.changesBy(async () => {
      for (const [how, attempt] of Object.entries(this.attempts(recipe, call))) {
        await this.mustBeRefused(route, how, call, attempt)
      }
      await this.asAnybody(route, recipe, call)
      await this.asAnotherClient(route, recipe, call)
    })
    if (!isNothing(change))
      this.parts.tally.hole('open-payments', route, `one of them changed ${JSON.stringify(change)}`)
    await this.asGrantee(route, recipe, call)
  }

  /** Who must not get through, and how they come. */
  private attempts({ right, isOfToken }: Recipe, call: RestCall): Record<string, Attempt> {
    const { rival, otherClient } = this.parts
    const exact = () => this.token({ access: accessFor(right) })
    const signed =
      (token: string, more: Partial<SignedCall> = {}) =>
      () =>
        this.send(call, token, more)
    const seconds = Math.floor(clock.nowMs() / 1_000)
    return {
      'an unknown token': signed('UNKNOWN'),
      'a revoked token': signed(this.revoked()),
      'a token that is over': signed(this.token({ exp: seconds - 1 })),
      'a token without rights': signed(this.token({ access: [] })),
      'a token with every right but this': signed(this.token({ access: everythingBut(right) })),
      'a token of another tenant': signed(this.token({}, rival)),
      'a token of the operator': signed(this.token({ iss: undefined })),
      'the token of development': signed(DEV_TOKEN),
      'a stolen token': () => this.send(call, exact(), {}, otherClient),
      'a signature of another key': signed(exact(), { signing: { key: strangersKey } }),
      'a signature of another request': signed(exact(), { signing: { target: `${call.url}x` } }),
      'an expired signature': signed(exact(), { signing: { createdAgoSeconds: 302 } }),
      'a signature of the future': signed(exact(), { signing: { createdAgoSeconds: -70 } }),
      'no signature': () => fetch(call.url, unsigned(call, `GNAP ${exact()}`)),
      ...(call.body !== undefined && {
        'another body': signed(exact(), { sent: { body: call.body.replace('{', '{ ') } }),
      }),
      ...(isOfToken ? {} : this.attemptsElsewhere(right, call)),
    }
  }

  /** With a good token for another place. */
  private attemptsElsewhere(right: Right, call: RestCall): Record<string, Attempt> {
    const { victim, rival } = this.parts
    const url = call.url.replace(victim.tenant.id, rival.tenant.id)
    const neighbours = this.token({ access: accessFor(right, victim.addressOf('payee')) })
    return {
      'a token of another wallet address': () => this.send(call, neighbours),
      'another tenant’s path': () => this.send({ ...call, url }, this.token({}, rival)),
    }
  }

  private async mustBeRefused(route: string, how: string, call: RestCall, attempt: Attempt): Promise<void> {
    const { tally, victim } = this.parts
    const response = await attempt()
    const text = await response.text()
    const shown = leaked({ text }, call, [...secretsOf(victim), `of ${victim.name}`])
    const isRefused = [401, 403, 404].includes(response.status) && shown.length === 0
    if (isRefused) tally.refused('open-payments', route)
    else tally.hole('open-payments', route, `${how}: ${response.status} ${text}`)
  }

  /** Without a token: refused, or shown what everybody may see. */
  private async asAnybody(route: string, { hasPublicView }: Recipe, call: RestCall): Promise<void> {
    const attempt = () => fetch(call.url, unsigned(call))
    if (!hasPublicView) return this.mustBeRefused(route, 'no token', call, attempt)
    const response = await attempt()
    const text = await response.text()
    const shown = leaked({ text }, call, [...secretsOf(this.parts.victim), 'metadata', 'methods', 'sharedSecret'])
    if (response.status === 200 && shown.length === 0) this.parts.tally.answered('open-payments', route)
    else this.parts.tally.hole('open-payments', route, `no token: ${response.status} ${text}`)
  }

  /** A client of the same tenant with the same rights: it reads nothing that the first one made. */
  private async asAnotherClient(route: string, { right }: Recipe, call: RestCall): Promise<void> {
    const { otherClient, tally } = this.parts
    const token = this.token({ client: otherClient.walletAddress, access: accessFor(right) })
    if (right.action === 'read') {
      return this.mustBeRefused(route, 'another client', call, () => this.send(call, token, {}, otherClient))
    }
    if (right.action !== 'list' || call.method === 'HEAD') return
    const text = await (await this.send(call, token, {}, otherClient)).text()
    if (text.includes('"result":[]')) tally.refused('open-payments', route)
    else tally.hole('open-payments', route, `another client: ${text}`)
  }

  private async asGrantee(route: string, { right, isOnce }: Recipe, call: RestCall): Promise<void> {
    const { tally, watch } = this.parts
    const token = this.token({ access: accessFor(right) })
    const response = await this.send(call, token)
    const text = await response.text()
    if (response.ok) tally.answered('open-payments', route)
    else tally.hole('open-payments', route, `the grantee is refused: ${response.status} ${text}`)
    if (!isOnce) return
    const { result, change } = await watch.changesBy(() => this.send(call, token))
    if (!result.ok && isNothing(change)) tally.refused('open-payments', route)
    else tally.hole('open-payments', route, `the same once more: ${result.status} ${JSON.stringify(change)}`)
  }

  private async mustBePublic(route: string, method: string, path: string): Promise<void> {
    const { victim, tally } = this.parts
    const response = await fetch(`${victim.node.openPaymentsUrl}${path}`, {
      method,
      headers: { accept: 'application/json' },
    })
    const text = await response.text()
    const shown = leaked({ text }, path, secretsOf(victim))
    if (response.ok && shown.length === 0) tally.answered('open-payments', route)
    else tally.hole('open-payments', route, `anybody: ${response.status} ${text} shows ${shown}`)
  }

  private send(
    call: RestCall,
    token: string,
    more: Partial<SignedCall> = {},
    by = this.parts.client,
  ): Promise<Response> {
    const { url, ...request } = call
    return by.call(url, { ...request, token, ...more })
  }

  private token(worth: Partial<TokenWorth>, { tenant }: TenantWorld = this.parts.victim): string {
    const { authorizationServer, client } = this.parts
    const iss = `${authorizationServer.grantUrl}/${tenant.id}`
    return authorizationServer.issue({ client: client.walletAddress, access: EVERYTHING, iss, ...worth })
  }

  private revoked(): string {
    const token = this.token({})
    this.parts.authorizationServer.revoke(token)
    return token
  }

  private everything(): RestClient {
    return { signing: this.parts.client, tokenOf: (world) => this.token({}, world) }
  }
}

function accessFor({ type, action }: Right, identifier?: string): object[] {
  return [{ type, actions: [action], ...(identifier !== undefined && { identifier }) }]
}

function everythingBut({ type, action }: Right): object[] {
  return EVERYTHING.map((item) =>
    item.type === type ? { ...item, actions: item.actions.filter((each) => each !== action) } : item,
  )
}

function isMethod(method: string): method is RestCall['method'] {
  return ['GET', 'POST', 'HEAD'].includes(method)
}

function unsigned({ method, body }: RestCall, authorization?: string): RequestInit {
  const headers = { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) }
  return { method, headers, ...(body !== undefined && { body }) }
}
