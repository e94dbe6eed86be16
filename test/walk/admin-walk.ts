import { messageOf, SystemClock } from '@kivuko/platform'
import type { TestNode } from '../harness/node.js'
import { ADMIN_SECRET, TENANT_ID } from '../harness/node-settings.js'
import { type Answer, type Credentials, isEmpty, isForbidden, knock, leaked, signedBy } from './admin-knock.js'
import type { AdminOperations, Args, Operation } from './admin-operations.js'
import { argumentsOf, objectsIn } from './arguments.js'
import { type Change, type DatabaseWatch, isNothing } from './database-watch.js'
import type { Tally } from './tally.js'
import { secretsOf, type TenantWorld } from './tenant-world.js'

const clock = new SystemClock()
// The window has 30 seconds on either side, and every attempt before this one takes its time.
const PAST_THE_WINDOW_MS = 60_000
const OPERATOR: Credentials = { tenantId: TENANT_ID, secret: ADMIN_SECRET }

/** What concerns the node as a whole, and is for its operator alone. */
const OPERATOR_ONLY = ['audit', 'tenants', 'createTenant', 'deleteTenant']

/**
 * Where a tenant may name another's customer: to pay it. It is shown what any client of Open Payments is shown, and nothing
 * of the other is changed but what such a client may change: an incoming payment is made.
 */
const OPEN_TO_PAYERS = [
  'receiver.id',
  'createReceiver.input.walletAddressUrl',
  'createQuote.input.receiver',
  'createOutgoingPaymentFromIncomingPayment.input.incomingPayment',
]

/** Refusals that have a reason of their own: a place below another tenant's address is not below one's own. */
const REFUSED_WITH: Readonly<Record<string, string>> = { 'createWalletAddress.input.address': 'InvalidUrl' }

export interface AdminWalkParts {
  readonly node: TestNode
  readonly operations: AdminOperations
  readonly victim: TenantWorld
  readonly rival: TenantWorld
  readonly watch: DatabaseWatch
  readonly tally: Tally
}

/** Tries every operation of the admin door as whoever must not, and then as whoever may. */
export class AdminWalk {
  constructor(private readonly parts: AdminWalkParts) {}

  async everyOperation(): Promise<void> {
    for (const operation of this.parts.operations.all()) {
      // One that the walk cannot call is a hole in the walk: all of them are told, each by its name.
      await this.walk(operation).catch((error: unknown) => {
        this.parts.tally.hole('admin', operation.name, messageOf(error))
      })
    }
  }

  private async walk(operation: Operation): Promise<void> {
    const { victim, rival } = this.parts
    const objects = objectsIn(operation)
    const optional = objects.filter((object) => object.optional).map(({ path }) => path)
    const args = await argumentsOf(operation, { caller: victim, with: optional })
    await this.asStrangers(operation, args)
    if (objects.length > 0)
      await this.mustBeRefused(
        operation,
        args,
        objects.map(({ path }) => path),
      )
    else await this.mustShowNothing(operation, await argumentsOf(operation, { caller: rival }))
    for (const { path } of objects.length > 1 ? objects : []) {
      const foreign = await argumentsOf(operation, { caller: rival, other: victim, foreign: [path], with: [path] })
      await this.mustBeRefused(operation, foreign, [path])
    }
    await this.asOwner(operation, args)
    if (optional.length > 0) await this.asOwner(operation, await argumentsOf(operation, { caller: victim }))
    if (objects.length > 0)
      await this.mustBeRefused(
        operation,
        args,
        objects.map(({ path }) => path),
      )
  }

  /** Nobody, with no credentials, and whoever is not the one it says. */
  private async asStrangers(operation: Operation, args: Args): Promise<void> {
    const { victim, rival, watch, tally } = this.parts
    const body = this.parts.operations.body(operation, args)
    const now = clock.nowMs()
    const right = credentialsOf(victim)
    const attempts: Readonly<Record<string, Record<string, string>>> = {
      'without credentials': {},
      'without a signature': { 'tenant-id': right.tenantId },
      'with a wrong secret': signedBy({ ...right, secret: 'a-secret-of-nobody' }, body),
      "with another tenant's secret": signedBy({ ...right, secret: rival.tenant.apiSecret }, body),
      "with the operator's secret": signedBy({ ...right, secret: ADMIN_SECRET }, body),
      "with one's own secret as the operator": signedBy({ ...right, tenantId: TENANT_ID }, body),
      'with an expired signature': signedBy(right, body, now - PAST_THE_WINDOW_MS),
      'with a signature of the future': signedBy(right, body, now + PAST_THE_WINDOW_MS),
      'with the signature of another body': signedBy(right, { query: '{ whoami { id } }' }),
    }
    const { change } = await watch.changesBy(async () => {
      for (const [how, headers] of Object.entries(attempts)) {
        const { status, text } = await knock(this.url, body, headers)
        if (status === 401) tally.refused('admin', operation.name)
        else tally.hole('admin', operation.name, `${how}: ${status} ${text}`)
      }
    })
    if (!isNothing(change)) tally.hole('admin', operation.name, `one of the strangers ${describe(change)}`)
  }

  /** As another tenant, naming the victim's objects. */
  private async mustBeRefused(operation: Operation, args: Args, foreign: readonly string[]): Promise<void> {
    const { watch, tally, rival } = this.parts
    const body = this.parts.operations.body(operation, args)
    const isOpen = foreign.every((path) => OPEN_TO_PAYERS.includes(`${operation.name}.${path}`))
    const { result, change } = await watch.changesBy(() => this.call(credentialsOf(rival), body))
    const what = `another tenant's ${foreign.join(', ')}`
    if (isOpen) return this.mustBePublic(operation, body, result, change, what)
    const shown = leaked(result, body, await this.marks())
    // A cursor of another tenant's is a place in one's own list at the most.
    const mayShowOwn = foreign.every((path) => path === 'after')
    const reason = REFUSED_WITH[`${operation.name}.${foreign[0]}`]
    if ((isForbidden(result, reason) || isEmpty(result) || mayShowOwn) && shown.length === 0 && isNothing(change)) {
      tally.refused('admin', operation.name)
    } else tally.hole('admin', operation.name, `${what}: ${result.text} ${describe(change)} shows ${shown}`)
  }

  private mustBePublic(operation: Operation, said: unknown, answer: Answer, change: Change, what: string): void {
    const { tally, victim } = this.parts
    const shown = leaked(answer, said, secretsOf(victim))
    const touched = change.gone.filter((row) => row.includes(victim.tenant.id))
    if (answer.refusals.length === 0 && shown.length === 0 && touched.length === 0)
      tally.answered('admin', operation.name)
    else tally.hole('admin', operation.name, `${what}: ${answer.text} ${describe(change)} shows ${shown}`)
  }

  /** As another tenant, naming nothing of the victim's: it must not come by anything of it. */
  private async mustShowNothing(operation: Operation, args: Args): Promise<void> {
    const { watch, tally, rival, victim } = this.parts
    const body = this.parts.operations.body(operation, args)
    const marks = await this.marks()
    const { result, change } = await watch.changesBy(() => this.call(credentialsOf(rival), body))
    const shown = leaked(result, body, marks)
    const touched = [...change.gone, ...change.added].filter((row) => [...marks].some((mark) => row.includes(mark)))
    const isRight = OPERATOR_ONLY.includes(operation.name) ? isForbidden(result) : result.refusals.length === 0
    if (!isRight || shown.length > 0 || touched.length > 0) {
      const found = `${result.text} shows ${shown} of ${victim.name}, touches ${touched}`
      tally.hole('admin', operation.name, `another tenant: ${found}`)
    } else if (isForbidden(result)) tally.refused('admin', operation.name)
    else tally.answered('admin', operation.name)
  }

  /** As whoever may: it is answered, once for each signature. */
  private async asOwner(operation: Operation, args: Args): Promise<void> {
    const { tally, victim } = this.parts
    const body = this.parts.operations.body(operation, args)
    const isOperators = OPERATOR_ONLY.includes(operation.name)
    if (isOperators) {
      const refused = await this.call(credentialsOf(victim), body)
      if (isForbidden(refused)) tally.refused('admin', operation.name)
      else tally.hole('admin', operation.name, `a tenant: ${refused.text}`)
    }
    const headers = signedBy(isOperators ? OPERATOR : credentialsOf(victim), body)
    const answered = await knock(this.url, body, headers)
    if (answered.refusals.length === 0 && answered.data?.[operation.name] != null)
      tally.answered('admin', operation.name)
    else tally.hole('admin', operation.name, `its owner is refused: ${JSON.stringify(args)} ${answered.text}`)
    const { result, change } = await this.parts.watch.changesBy(() => knock(this.url, body, headers))
    if (result.status === 401 && isNothing(change)) tally.refused('admin', operation.name)
    else tally.hole('admin', operation.name, `with a replayed signature: ${result.text} ${describe(change)}`)
    if (operation.kind === 'query' && !isOperators) await this.asOperator(operation, body)
  }

  /** The operator sees what its tenants have. */
  private async asOperator(operation: Operation, body: unknown): Promise<void> {
    const answered = await this.call(OPERATOR, body)
    if (answered.refusals.length === 0) this.parts.tally.answered('admin', operation.name)
    else this.parts.tally.hole('admin', operation.name, `the operator is refused: ${answered.text}`)
  }

  private call(credentials: Credentials, body: unknown): Promise<Answer> {
    return knock(this.url, body, signedBy(credentials, body))
  }

  /** What is the victim's and not the rival's, in every table. */
  private async marks(): Promise<ReadonlySet<string>> {
    const { watch, victim, rival } = this.parts
    const marks = new Set([...(await watch.idsOf(victim.tenant.id)), ...secretsOf(victim), `${victim.name}`])
    for (const id of await watch.idsOf(rival.tenant.id)) marks.delete(id)
    return marks
  }

  private get url(): string {
    return this.parts.node.adminUrl
  }
}

function credentialsOf({ tenant: { id: tenantId, apiSecret: secret } }: TenantWorld): Credentials {
  return { tenantId, secret }
}

function describe({ added, gone }: Change): string {
  return `${added.length + gone.length === 0 ? '' : `changes ${JSON.stringify({ added, gone })}`}`
}
