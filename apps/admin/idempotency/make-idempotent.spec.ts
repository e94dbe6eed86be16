import type { KeyedCall } from '@kivuko/tenants'
import { buildSchema, execute, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { makeIdempotent } from './make-idempotent.js'

/** What the room does, without a database: one answer per call. */
function answersInMemory() {
  const answers = new Map<string, Promise<unknown>>()
  const calls: KeyedCall[] = []
  return {
    calls,
    async once(call: KeyedCall, act: () => Promise<unknown>): Promise<unknown> {
      calls.push(call)
      const name = JSON.stringify(call)
      const answer = answers.get(name) ?? act()
      answers.set(name, answer)
      return answer
    },
  }
}

/** A schema whose mutations count their calls. */
function counting() {
  const schema = buildSchema(`
    type Query { nothing: Int }
    type Mutation { keyed(input: Keyed!): Int unkeyed(input: Unkeyed!): Int bare(id: String!): Int }
    input Keyed { a: Int b: Int idempotencyKey: String }
    input Unkeyed { a: Int }
  `)
  let calls = 0
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    field.resolve = () => {
      calls += 1
      return calls
    }
  }
  const answers = answersInMemory()
  makeIdempotent(schema, answers)
  const contextValue = { caller: { tenantId: 'a', isOperator: false } }
  const run = async (text: string) => execute({ schema, document: parse(`mutation { ${text} }`), contextValue })
  return { run, calls: answers.calls }
}

describe('every mutation with an idempotency key', () => {
  it('answers a repeat of the key alike, in whatever order the arguments are written', async () => {
    const { run } = counting()
    expect((await run('keyed(input: { a: 1, b: 2, idempotencyKey: "k" })')).data?.keyed).toBe(1)
    expect((await run('keyed(input: { idempotencyKey: "k", b: 2, a: 1 })')).data?.keyed).toBe(1)
    expect((await run('keyed(input: { a: 1, b: 2, idempotencyKey: "l" })')).data?.keyed).toBe(2)
  })

  it('is called each time without one', async () => {
    const { run } = counting()
    await run('keyed(input: { a: 1 })')
    await run('keyed(input: { a: 1 })')
    expect((await run('unkeyed(input: { a: 1 })')).data?.unkeyed).toBe(3)
    expect((await run('bare(id: "x")')).data?.bare).toBe(4)
  })

  it('stands for the tenant, the mutation and all its arguments', async () => {
    const { run, calls } = counting()
    await run('keyed(input: { b: 2, a: 1, idempotencyKey: "k" })')
    expect(calls).toEqual([
      { tenantId: 'a', key: 'k', operation: 'keyed', args: '{"input":{"a":1,"b":2,"idempotencyKey":"k"}}' },
    ])
  })

  it('is named in its context: alike for its repetitions, and for nothing else', async () => {
    const schema = buildSchema(`
      type Query { nothing: Int }
      type Mutation { name(input: Keyed!): String other(input: Keyed!): String }
      input Keyed { a: Int idempotencyKey: String }
    `)
    for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
      field.resolve = (_source, _args, { call }) => call
    }
    // As if every answer had been lost.
    makeIdempotent(schema, { once: (_call, act) => act() })
    const run = async (text: string, tenantId = 'a') => {
      const contextValue = { caller: { tenantId, isOperator: false } }
      const { data } = await execute({ schema, document: parse(`mutation { result: ${text} }`), contextValue })
      return data?.result
    }
    const first = await run('name(input: { a: 1, idempotencyKey: "k" })')
    expect(await run('name(input: { idempotencyKey: "k", a: 1 })')).toBe(first)
    const others = await Promise.all([
      run('name(input: { a: 2, idempotencyKey: "k" })'),
      run('name(input: { a: 1, idempotencyKey: "l" })'),
      run('other(input: { a: 1, idempotencyKey: "k" })'),
      run('name(input: { a: 1, idempotencyKey: "k" })', 'b'),
    ])
    expect(new Set([first, ...others]).size).toBe(5)
    expect(await run('name(input: { a: 1 })')).toBeNull()
  })

  it('refuses a key that is none', async () => {
    const { run } = counting()
    expect((await run('keyed(input: { a: 2, idempotencyKey: "" })')).errors?.[0]?.message).toContain('1 to 255')
  })
})
