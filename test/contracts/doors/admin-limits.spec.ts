import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openAsset, openCustomer } from '../../harness/network.js'
import { startNode, type TestNode } from '../../harness/node.js'
import { AdminOperations } from '../../walk/admin-operations.js'

const answerShape = z.object({
  data: z.unknown(),
  errors: z.array(
    z.object({
      message: z.string(),
      path: z.array(z.union([z.string(), z.number()])).optional(),
      extensions: z.object({ code: z.string() }),
    }),
  ),
})

let node: TestNode

beforeAll(async () => {
  node = await startNode({ name: 'a', env: { ROLES: 'admin' } })
  const usd = await openAsset(node, 'USD', 2)
  await openCustomer(node, 'alice', usd)
  await openCustomer(node, 'andy', usd)
})
afterAll(() => node?.stop())

async function errorsOf(query: string, variables: Record<string, unknown> = {}) {
  const { status, text } = await node.admin.client.post({ query, variables })
  return { status, errors: answerShape.parse(JSON.parse(text)).errors }
}

describe('a document', () => {
  const hundreds = (within: string) =>
    `{ walletAddresses(first: 100) { edges { node { incomingPayments(first: 100) { edges { node { ${within} } } } } } } }`

  it('is refused when its lists within lists may answer too much, and says how much', async () => {
    const { status, errors } = await errorsOf(hundreds('id state'))
    expect(status).toBe(400)
    expect(errors[0]).toMatchObject({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } })
    expect(errors[0]?.message).toMatch(
      /^The operation may answer \d+ fields, at most 20000 are allowed; ask for shorter/,
    )
  })

  it('is refused when it has more words than any tool of an operator writes', async () => {
    const { status, errors } = await errorsOf(`{ ${'whoami { id } '.repeat(1_000)} }`)
    expect(status).toBe(400)
    expect(errors[0]).toMatchObject({ extensions: { code: 'GRAPHQL_PARSE_FAILED' } })
  })

  it('is refused when the same large list is asked for again and again by other names', async () => {
    const lists = Array.from({ length: 100 }, (_, index) => `l${index}: payments(first: 100) { edges { node { id } } }`)
    const { status, errors } = await errorsOf(`{ ${lists.join(' ')} }`)
    expect(status).toBe(400)
    expect(errors[0]?.message).toContain('fields, at most 20000 are allowed')
  })
})

describe('a list', () => {
  it('takes no length above a hundred, whichever list it is', async () => {
    const operations = await AdminOperations.offeredTo(node.admin.client)
    const lengths = operations
      .all()
      .flatMap(({ name, field }) => field.args.map((arg) => ({ name, length: arg.name, args: field.args })))
      .filter(({ length }) => length === 'first' || length === 'limit')
    expect(lengths.length).toBeGreaterThan(8)
    for (const { name, length, args } of lengths) {
      const id = args.some((arg) => arg.name === 'id') ? ', id: "438fa74a-fa7d-4317-9ced-dde32ece1787"' : ''
      for (const wrong of [101, 2_147_483_647, -1]) {
        const { errors } = await errorsOf(`{ ${name}(${length}: ${wrong}${id}) { __typename } }`)
        expect(errors[0]?.extensions.code, `${name}(${length}: ${wrong})`).toBe('BAD_USER_INPUT')
      }
    }
  })
})

describe('an error within a list', () => {
  it('says at which row, with a number', async () => {
    const query = '{ walletAddresses { edges { node { incomingPayments(first: 101) { edges { cursor } } } } } }'
    const { status, errors } = await errorsOf(query)
    expect(status).toBe(200)
    expect(errors.map(({ path }) => path)).toEqual([
      ['walletAddresses', 'edges', 0, 'node', 'incomingPayments'],
      ['walletAddresses', 'edges', 1, 'node', 'incomingPayments'],
    ])
  })
})
