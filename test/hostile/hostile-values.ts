import fc from 'fast-check'

/** Whole numbers at the edges of what is counted here and elsewhere, as text. */
export const numberTexts: readonly string[] = [
  ...[
    '0',
    '-0',
    '1',
    '-1',
    '00',
    '01',
    '+1',
    '1.0',
    '0.5',
    '1e3',
    '0x10',
    ' 1',
    '1 ',
    '１',
    '٣',
    '1_000',
    'NaN',
    'Infinity',
    '',
  ],
  ...[31, 32, 53, 63, 64, 128].flatMap((bits) => [2n ** BigInt(bits) - 1n, 2n ** BigInt(bits)].map(String)),
  '9'.repeat(400),
]

export const times: readonly string[] = [
  ...['2030-01-01T00:00:00Z', '1970-01-01T00:00:00Z', '0000-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z'],
  ...['2030-13-01T00:00:00Z', '2030-02-30T00:00:00Z', '2030-01-01T24:00:00Z', '2030-01-01T23:59:60Z', '2030-01-01'],
  ...['2030-01-01T00:00:00+99:99', '+275760-09-13T00:00:00.000Z', '-271821-04-20T00:00:00Z', 'tomorrow'],
]

const texts: readonly string[] = [
  ...[
    '',
    ' ',
    '\0',
    'a\0b',
    '\ud800',
    '\udfff\ud800',
    '\u202e',
    '\ufeff',
    'ﷺ',
    '🏳️‍🌈',
    '\r\n\r\n',
    '\x7f',
    '%00',
    '%',
    '%zz',
    '\\',
  ],
  ...[
    'null',
    'true',
    '[object Object]',
    '__proto__',
    'constructor',
    'toString',
    '../../etc/passwd',
    '..%2f..%2f',
    '{{7*7}}',
  ],
  ...[
    "' or 1=1 --",
    '"; drop table assets; --',
    '<script>',
    '00000000-0000-0000-0000-000000000000',
    'http://',
    'http://[::1',
  ],
  ...[
    'https://a@b:1/',
    'javascript:1',
    'file:///etc/passwd',
    'http://127.0.0.1:1/x',
    `https://a.example/${'a'.repeat(3_000)}`,
  ],
  ...['x'.repeat(20_000), '𝒳'.repeat(5_000)],
]

/** Texts that programs stumble over. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...texts) },
  { weight: 1, arbitrary: fc.constantFrom(...numberTexts, ...times) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  // Code units one by one: half pairs too.
  { weight: 1, arbitrary: fc.array(fc.nat(0xffff), { maxLength: 20 }).map((units) => String.fromCharCode(...units)) },
)

const hostileNumber = fc.oneof(
  fc.constantFrom(0, -0, -1, 0.1, 255, 256, 2 ** 31, 2 ** 53, 2 ** 53 + 2, 2 ** 64, 1e21, 1e308, 5e-324),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
)

/** Lists within lists, so deep that a reader by recursion would run out of stack. */
const deep = fc.constantFrom(40, 500, 1_500).map((levels) => {
  let value: unknown = 'bottom'
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value }
  return value
})

const member = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'value', 'id', '', '\0', '\ud800'),
  fc.string({ maxLength: 8 }),
)

/** Any JSON value, of the kinds that break things more often than others. */
export const hostileJson: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: hostileText },
  { weight: 3, arbitrary: hostileNumber },
  { weight: 2, arbitrary: fc.constantFrom(null, true, false, [], {}, [[]], [null]) },
  { weight: 1, arbitrary: fc.array(hostileText, { maxLength: 3 }) },
  // Own members, also where an assignment would reach the prototype.
  {
    weight: 2,
    arbitrary: fc.array(fc.tuple(member, hostileText), { maxLength: 4 }).map((members) => Object.fromEntries(members)),
  },
  { weight: 1, arbitrary: fc.constant(Array.from({ length: 2_000 }, (_, index) => index)) },
  { weight: 1, arbitrary: deep },
)

/** The value, or now and then something else in its place. */
export function mostly<Value>(value: fc.Arbitrary<Value>, weight = 6): fc.Arbitrary<unknown> {
  return fc.oneof({ weight, arbitrary: value }, { weight: 1, arbitrary: hostileJson })
}
