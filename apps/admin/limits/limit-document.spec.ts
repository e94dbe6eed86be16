import { buildSchema, parse, validate } from 'graphql'
import { describe, expect, it } from 'vitest'
import { limitDocument } from './limit-document.js'
import { DocumentMeasure } from './measure-document.js'

const schema = buildSchema(`
  type Query { peers(first: Int, last: Int): Peers!  peer: Peer  packets(limit: Int): [Peer!]! receiver(id: String!): Peer }
  type Mutation { touch: Peer createQuote: Peer }
  type Peers { edges: [Edge!]! pageInfo: Info! }
  type Edge { node: Peer! cursor: String! }
  type Info { endCursor: String }
  type Peer { id: ID! name: String friend: Peer peers(first: Int): Peers! }
`)

function measure(text: string) {
  return new DocumentMeasure(schema, parse(text)).operations().map(({ depth, fields }) => ({ depth, fields }))
}

describe('the size of an operation', () => {
  it('counts each field once outside lists', () => {
    expect(measure('{ peer { id name friend { id } } }')).toEqual([{ depth: 3, fields: 5 }])
    expect(measure('mutation { touch { id } }')).toEqual([{ depth: 2, fields: 2 }])
  })

  it('counts the inside of a list as often as its length allows', () => {
    // peers 1 + rows × (edges 1 + node 1 + id 1)
    expect(measure('{ peers(first: 5) { edges { node { id } } } }')).toEqual([{ depth: 4, fields: 16 }])
    expect(measure('{ peers { edges { node { id } } } }')).toEqual([{ depth: 4, fields: 61 }])
    expect(measure('query ($n: Int) { peers(first: $n) { edges { node { id } } } }')).toEqual([
      { depth: 4, fields: 301 },
    ])
    expect(measure('{ packets(limit: 7) { id } }')).toEqual([{ depth: 2, fields: 8 }])
  })

  it('is not made small by odd lengths', () => {
    for (const length of ['first: -5', 'first: 1000000', 'first: 1, last: 100', 'first: 99999999999999999999']) {
      expect(measure(`{ peers(${length}) { edges { node { id } } } }`)).toEqual([{ depth: 4, fields: 301 }])
    }
    expect(measure('{ peers(first: 0) { edges { node { id } } } }')).toEqual([{ depth: 4, fields: 61 }])
  })

  it('multiplies lists within lists', () => {
    // 1 + 10 × (edges + node + (peers 1 + 10 × 3))
    const inner = 'peers(first: 10) { edges { node { id } } }'
    expect(measure(`{ peers(first: 10) { edges { node { ${inner} } } } }`)).toEqual([{ depth: 7, fields: 331 }])
  })

  it('looks into fragments, named and inline', () => {
    expect(measure('{ peers(first: 5) { ...E } } fragment E on Peers { edges { node { id } } }')).toEqual([
      { depth: 4, fields: 16 },
    ])
    expect(measure('{ peer { ... on Peer { peers(first: 2) { edges { cursor } } } } }')).toEqual([
      { depth: 4, fields: 6 },
    ])
  })

  it('is measured quickly even where fragments multiply or run in circles', () => {
    const levels = Array.from(
      { length: 60 },
      (_, n) => `fragment F${n} on Peer { a: friend { ...F${n + 1} } b: friend { ...F${n + 1} } }`,
    )
    const [grown] = measure(`{ peer { ...F0 } } ${levels.join(' ')} fragment F60 on Peer { id }`)
    expect(grown?.fields).toBeGreaterThan(2 ** 60)
    expect(
      measure('{ peer { ...A } } fragment A on Peer { friend { ...B } } fragment B on Peer { friend { ...A } }'),
    ).toHaveLength(1)
  })

  it('does not count the inside of introspection', () => {
    expect(measure('{ __schema { types { fields { type { ofType { name } } } } } }')).toEqual([{ depth: 1, fields: 1 }])
  })
})

describe('the limit on documents', () => {
  const refusals = (text: string) =>
    validate(schema, parse(text), [limitDocument({ depth: 4, fields: 100, outboundFields: 2 })]).map(
      ({ message }) => message,
    )

  it('lets pass what stays within it', () => {
    expect(refusals('{ peers { edges { node { id } } } }')).toEqual([])
  })

  it('refuses what is too deep or too large, and says how much', () => {
    expect(refusals('{ peer { friend { friend { friend { id } } } } }')).toEqual([
      'The operation is 5 levels deep, at most 4 are allowed; ask in parts',
    ])
    expect(refusals('{ peers(first: 40) { edges { node { id } } } }')).toEqual([
      'The operation may answer 121 fields, at most 100 are allowed; ask for shorter pages or fewer fields',
    ])
  })

  it('refuses too many fields that call other servers, counted through aliases and fragments, and names the limit', () => {
    const told = (times: number) => [
      `The operation has ${times} fields that call other servers, at most 2 are allowed; ask in parts`,
    ]
    expect(refusals('{ a: receiver(id: "1") { id } b: receiver(id: "2") { id } peer { id } }')).toEqual([])
    expect(
      refusals(
        '{ ...A ... on Query { c: receiver(id: "3") { id } } } fragment A on Query { ...B ...B } fragment B on Query { b: receiver(id: "2") { id } }',
      ),
    ).toEqual(told(3))
    expect(refusals('mutation { a: createQuote { id } b: createQuote { id } c: createQuote { id } }')).toEqual(told(3))
  })
})
