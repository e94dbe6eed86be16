import type { ServerResponse } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { AdminClient } from '../../harness/admin-client.js'
import { type Listening, listen } from '../../harness/listen.js'
import { type Customer, openAsset, openCustomer } from '../../harness/network.js'
import { startNode, type TestNode } from '../../harness/node.js'
import { createTenant, type TestTenant } from '../../harness/tenant-clients.js'
import { waitFor } from '../../harness/wait-for.js'

const PER_OPERATION = 20
const PER_TENANT = 100

const answerShape = z.object({
  data: z.unknown(),
  errors: z.array(z.object({ message: z.string(), extensions: z.object({ code: z.string() }) })).optional(),
})

let node: TestNode
let alice: Customer
let tenant: TestTenant
let other: TestTenant
let server: Listening
/** Requests that the other server has not answered yet. */
const held: ServerResponse[] = []

beforeAll(async () => {
  server = await listen((_request, response) => void held.push(response))
  node = await startNode({ name: 'a', env: { ROLES: 'admin' } })
  alice = await openCustomer(node, 'alice', await openAsset(node, 'USD', 2))
  tenant = await createTenant(node)
  other = await createTenant(node)
})
afterEach(() => {
  for (const response of held.splice(0)) response.writeHead(404).end()
})
afterAll(async () => {
  await node?.stop()
  await server?.close()
})

async function ask({ client }: { client: AdminClient }, query: string, variables: Record<string, unknown> = {}) {
  const { status, text } = await client.post({ query, variables })
  return { status, errors: answerShape.parse(JSON.parse(text)).errors ?? [] }
}

function aliases(count: number, field: (n: number) => string): string {
  return Array.from({ length: count }, (_, n) => `f${n}: ${field(n)}`).join(' ')
}

const receiver = (n: number) => `receiver(id: "${server.url}/incoming-payments/${n}") { completed }`

describe('an operation that calls other servers', () => {
  it('is refused before it is executed when it has too many such fields, and names the limit', async () => {
    const { status, errors } = await ask(tenant, `{ ${aliases(180, receiver)} }`)
    expect([status, held.length]).toEqual([400, 0])
    expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }])
    expect(errors[0]?.message).toBe(
      `The operation has 180 fields that call other servers, at most ${PER_OPERATION} are allowed; ask in parts`,
    )
  })

  it('is counted through fragments too', async () => {
    const fragment = `fragment Ten on Query { ${aliases(10, receiver)} }`
    const more = `fragment More on Query { ${aliases(11, receiver).replaceAll(/\bf(?=\d)/g, 'g')} }`
    const { errors } = await ask(tenant, `{ ...Ten ...More } ${fragment} ${more}`)
    expect(errors[0]?.message).toContain('21 fields that call other servers')
    expect(held).toEqual([])
  })

  for (const [name, input] of [
    ['createReceiver', 'walletAddressUrl: "http://127.0.0.1:9/bob"'],
    ['completeReceiver', 'incomingPaymentUrl: "http://127.0.0.1:9/incoming-payments/1"'],
    ['createQuote', 'walletAddressId: "1", receiver: "http://127.0.0.1:9/incoming-payments/1"'],
    ['createOutgoingPayment', 'walletAddressId: "1", quoteId: "1"'],
    ['createOutgoingPaymentFromIncomingPayment', 'walletAddressId: "1", incomingPayment: "http://127.0.0.1:9"'],
  ] as const) {
    it(`may not ${name} more often either`, async () => {
      const { errors } = await ask(
        tenant,
        `mutation { ${aliases(21, () => `${name}(input: { ${input} }) { __typename }`)} }`,
      )
      expect(errors.map(({ message }) => message)).toEqual([
        `The operation has 21 fields that call other servers, at most ${PER_OPERATION} are allowed; ask in parts`,
      ])
    })
  }
})

describe('the operations of one tenant', () => {
  it('have so many calls under way; the next is refused, and those of other tenants are not', async () => {
    const document = `{ ${aliases(PER_OPERATION, receiver)} }`
    const waiting = Array.from({ length: PER_TENANT / PER_OPERATION }, () => ask(tenant, document))
    await waitFor('the other server is asked', () => held.length === PER_TENANT)
    const refused = await ask(tenant, document)
    expect(refused.errors).toHaveLength(PER_OPERATION)
    expect(refused.errors[0]).toMatchObject({ extensions: { code: 'TOO_MANY_REQUESTS' } })
    expect(refused.errors[0]?.message).toContain(`at most ${PER_TENANT}`)
    expect(held).toHaveLength(PER_TENANT)
    const others = ask(other, `{ ${receiver(0)} }`)
    await waitFor('another tenant asks', () => held.length === PER_TENANT + 1)
    for (const response of held.splice(0)) response.writeHead(404).end()
    await Promise.all([...waiting, others])
    const after = ask(tenant, `{ ${receiver(0)} }`)
    await waitFor('the tenant asks again', () => held.length === 1)
    for (const response of held.splice(0)) response.writeHead(404).end()
    expect((await after).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
  })

  it('are counted with quotes, and receivers that are made and completed', async () => {
    const document = `{ ${aliases(PER_OPERATION, receiver)} }`
    const operator = node.admin
    const waiting = Array.from({ length: PER_TENANT / PER_OPERATION }, () => ask(operator, document))
    await waitFor('the other server is asked', () => held.length === PER_TENANT)
    const url = `${server.url}/incoming-payments/1`
    const quote = `createQuote(input: { walletAddressId: "${alice.walletAddressId}", receiver: "${url}" }) { quote { id } }`
    const made = `createReceiver(input: { walletAddressUrl: "${server.url}/bob" }) { receiver { id } }`
    const completed = `completeReceiver(input: { incomingPaymentUrl: "${url}" }) { receiver { id } }`
    for (const mutation of [quote, made, completed]) {
      const { errors } = await ask(operator, `mutation { ${mutation} }`)
      expect(errors, mutation).toMatchObject([{ extensions: { code: 'TOO_MANY_REQUESTS' } }])
    }
    expect(held).toHaveLength(PER_TENANT)
    for (const response of held.splice(0)) response.writeHead(404).end()
    await Promise.all(waiting)
  })
})
