import { randomUUID } from 'node:crypto'
import { getNamedType, isLeafType, isObjectType } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startNode, type TestNode } from '../harness/node.js'
import { createTenant } from '../harness/tenant-clients.js'
import { AdminOperations, type Field, type Operation, selected } from './admin-operations.js'
import { StatementCounter } from './statement-counter.js'
import { jwkOf, TenantWorld } from './tenant-world.js'

const FEW = 10
const MANY = 100
const anything = z.record(z.string(), z.unknown())

/** Rows of these lists are in memory, and as many as happened: what counts is that they ask the database nothing per row. */
const AS_MANY_AS_HAPPENED = ['packets', 'connectorAlerts', 'accountingTransfers']

let node: TestNode
let operations: AdminOperations
let world: TenantWorld
const statements = new StatementCounter()

beforeAll(async () => {
  node = await startNode({ name: 'a', env: { ROLES: 'connector,open-payments,admin' } })
  operations = await AdminOperations.offeredTo(node.admin.client)
  world = await TenantWorld.open('ferry', node, operations)
  await times(MANY, async (index) => {
    const http = { outgoing: { authToken: randomUUID(), endpoint: 'http://127.0.0.1:9' } }
    const asset = await world.create('createAsset', { code: `C${index}`, scale: 2 }, 'asset')
    await world.act('setFee', { input: { assetId: asset, type: 'SENDING', fee: { fixed: '1', basisPoints: 1 } } })
    await world.create('createPeer', { assetId: asset, staticIlpAddress: `test.peer-${index}`, http }, 'peer')
    const address = `${world.addressOf('payer')}/${index}`
    const additionalProperties = [{ key: 'branch', value: `${index}`, visibleInOpenPayments: true }]
    const wallet = { assetId: world.ids.asset, address, additionalProperties }
    const walletAddressId = await world.create('createWalletAddress', wallet, 'walletAddress')
    await world.create('createWalletAddressKey', { walletAddressId, jwk: jwkOf(`key-${index}`) }, 'walletAddressKey')
    const { url: receiver } = await world.incomingPayment({ walletAddressId })
    const quoteId = await world.create(
      'createQuote',
      { walletAddressId, receiver, debitAmount: world.amount('1') },
      'quote',
    )
    await world.bookDifference(await world.create('createOutgoingPayment', { walletAddressId, quoteId }, 'payment'))
    await createTenant(node)
  })
  statements.listen()
}, 300_000)
afterAll(async () => {
  statements.stop()
  await node?.stop()
  await world?.close()
})

/** So many, a few at a time. */
async function times(count: number, act: (index: number) => Promise<unknown>): Promise<void> {
  const left = Array.from({ length: count }, (_, index) => index)
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let index = left.pop(); index !== undefined; index = left.pop()) await act(index)
    }),
  )
}

const lengthOf = ({ field }: Operation) => field.args.find(({ name }) => name === 'first' || name === 'limit')?.name
const lists = () =>
  operations.all().filter((operation) => operation.kind === 'query' && lengthOf(operation) !== undefined)

/** The document of a list with one field of its rows, and how many rows its answer may have. */
function listOf(operation: Operation, rowField: string, rows: number): string {
  const length = `${lengthOf(operation)}: ${rows}`
  const id = operation.name === 'accountingTransfers' ? `, id: "${world.ids.asset}"` : ''
  return `{ ${operation.name}(${length}${id}) ${aroundRows(operation, rowField)} }`
}

function aroundRows({ name }: Operation, rowField: string): string {
  if (name === 'accountingTransfers') return `{ debits { ${rowField} } credits { ${rowField} } }`
  return isConnection(operations.find(name))
    ? `{ edges { node { ${rowField} } } pageInfo { hasNextPage } }`
    : `{ ${rowField} }`
}

function isConnection({ field }: Operation): boolean {
  const type = getNamedType(field.type)
  return isObjectType(type) && 'edges' in type.getFields()
}

function rowFieldsOf({ field }: Operation): Field[] {
  const inner = (type: unknown, name: string) =>
    isObjectType(type) ? getNamedType(type.getFields()[name]?.type) : undefined
  const answer = getNamedType(field.type)
  const row = inner(inner(answer, 'edges'), 'node') ?? inner(answer, 'debits') ?? answer
  return isObjectType(row) ? Object.values(row.getFields()) : []
}

async function countFor(query: string): Promise<{ count: number; rows: number; texts: string[] }> {
  let data: Record<string, unknown> = {}
  const texts = await statements.during(async () => {
    data = await node.admin.client.request(query, {}, anything)
  })
  const [answer] = Object.values(data)
  const rows = Array.isArray(answer) ? answer.length : edgesIn(answer)
  return { count: texts.length, rows, texts }
}

/** What the node does by itself only adds: the least of some tries is what the document costs. */
async function leastFor(query: string) {
  const tries = [await countFor(query), await countFor(query), await countFor(query)]
  return tries.reduce((least, each) => (each.count < least.count ? each : least))
}

function edgesIn(answer: unknown): number {
  return z.object({ edges: z.array(z.unknown()) }).safeParse(answer).data?.edges.length ?? 0
}

describe('the statements at the database', () => {
  it('are as many for a hundred rows as for ten, in every list and for every field of its rows', async () => {
    const table: string[] = []
    const wrong: string[] = []
    expect(lists().length).toBeGreaterThan(8)
    for (const operation of lists()) {
      for (const field of rowFieldsOf(operation)) {
        const [selection] = selected(field, 4, 1)
        if (selection === undefined) continue
        const few = await leastFor(listOf(operation, selection, FEW))
        const many = await leastFor(listOf(operation, selection, MANY))
        const isPlain = isLeafType(getNamedType(field.type)) && many.count === few.count
        if (!isPlain)
          table.push(
            `${`${operation.name}.${field.name}`.padEnd(40)} ${few.count} for ${few.rows}, ${many.count} for ${many.rows}`,
          )
        if (many.count !== few.count)
          wrong.push(
            `${operation.name}.${field.name}: ${few.count} for ${few.rows}, ${many.count} for ${many.rows}: ${many.texts.at(-1)}`,
          )
        if (!AS_MANY_AS_HAPPENED.includes(operation.name)) {
          expect([few.rows, many.rows], `rows of ${operation.name}`).toEqual([FEW, MANY])
        }
      }
    }
    console.log(['statements for each list, with one field of its rows:', ...table].join('\n'))
    expect(wrong).toEqual([])
  }, 300_000)
})
