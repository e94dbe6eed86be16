import { type GraphQLScalarType, parseValue } from 'graphql'
import { describe, expect, it } from 'vitest'
import { JSONObject } from './json-object.js'
import { UInt8 } from './uint8.js'
import { UInt64 } from './uint64.js'

function literal<Value, Written>(scalar: GraphQLScalarType<Value, Written>, text: string): Value {
  return scalar.parseLiteral(parseValue(text))
}

describe('UInt64', () => {
  it('reads strings and safe numbers into bigints and writes strings', () => {
    expect(UInt64.parseValue('18446744073709551615')).toBe(18446744073709551615n)
    expect(UInt64.parseValue(9007199254740991)).toBe(9007199254740991n)
    expect(literal(UInt64, '18446744073709551615')).toBe(18446744073709551615n)
    expect(literal(UInt64, '"7"')).toBe(7n)
    expect(UInt64.serialize(18446744073709551615n)).toBe('18446744073709551615')
    expect(UInt64.serialize(0n)).toBe('0')
  })

  for (const wrong of [
    '18446744073709551616',
    '-1',
    '1.5',
    '',
    ' 7',
    '7 ',
    '0x10',
    '1e3',
    '+7',
    '７',
    -1,
    1.5,
    9007199254740992,
    1e19,
    true,
    null,
    {},
    [],
  ]) {
    it(`refuses ${JSON.stringify(wrong)}`, () =>
      expect(() => UInt64.parseValue(wrong)).toThrow('whole number from 0 to'))
  }

  it('refuses literals that are no whole number', () => {
    for (const text of ['-1', '1.5', 'true', '"x"', '{a: 1}']) expect(() => literal(UInt64, text)).toThrow('UInt64')
  })
})

describe('UInt8', () => {
  it('is 0 to 255', () => {
    expect([0, 255].map((value) => UInt8.parseValue(value))).toEqual([0, 255])
    expect(literal(UInt8, '9')).toBe(9)
    for (const wrong of [-1, 256, 1.5, '2', null]) expect(() => UInt8.parseValue(wrong)).toThrow('0 to 255')
    for (const wrong of ['256', '-1', '"2"']) expect(() => literal(UInt8, wrong)).toThrow('0 to 255')
  })
})

describe('JSONObject', () => {
  const nested = (levels: number): unknown => (levels === 0 ? 1 : { a: nested(levels - 1) })

  it('is an object, as a variable or written in the document', () => {
    expect(JSONObject.parseValue({ a: [1, null, { b: 'c' }] })).toEqual({ a: [1, null, { b: 'c' }] })
    expect(literal(JSONObject, '{ a: [1, { b: "c" }] }')).toEqual({ a: [1, { b: 'c' }] })
  })

  it('is no list, text, number or null', () => {
    for (const wrong of [[], 'a', 1, null]) expect(() => JSONObject.parseValue(wrong)).toThrow('object in braces')
    for (const wrong of ['[1]', '"a"', '1']) expect(() => literal(JSONObject, wrong)).toThrow('object in braces')
  })

  it('is neither endlessly deep nor endlessly long', () => {
    expect(() => JSONObject.parseValue(nested(32))).not.toThrow()
    expect(() => JSONObject.parseValue(nested(33))).toThrow('32 levels')
    expect(() => JSONObject.parseValue({ a: JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) })).toThrow(
      '32 levels',
    )
    expect(() => JSONObject.parseValue({ a: Array.from({ length: 200_000 }, () => 0) })).toThrow('characters')
    expect(() => JSONObject.parseValue({ a: 'x'.repeat(16_384) })).toThrow('at most 16384 characters')
  })
})
