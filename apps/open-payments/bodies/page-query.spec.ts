import { describe, expect, it } from 'vitest'
import { parseListQuery } from './page-query.js'

const WALLET = 'https://bank.example/alice'
const CURSOR = '438fa74a-fa7d-4317-9ced-dde32ece1787'

describe('a list request', () => {
  it('pages forward after the cursor and backward before it', () => {
    expect(parseListQuery({ 'wallet-address': WALLET })).toEqual({ walletAddressUrl: WALLET, page: {} })
    expect(parseListQuery({ 'wallet-address': WALLET, first: '5', cursor: CURSOR }).page).toEqual({
      first: 5,
      after: CURSOR,
    })
    expect(parseListQuery({ 'wallet-address': WALLET, cursor: CURSOR }).page).toEqual({ after: CURSOR })
    expect(parseListQuery({ 'wallet-address': WALLET, last: '5', cursor: CURSOR }).page).toEqual({
      last: 5,
      before: CURSOR,
    })
  })

  for (const [query, told] of [
    [{}, 'wallet-address must be an http or https URL, found nothing'],
    [{ 'wallet-address': WALLET, first: '1', last: '1', cursor: CURSOR }, 'first and last are mutually exclusive'],
    [{ 'wallet-address': WALLET, last: '1' }, 'last requires cursor'],
    [{ 'wallet-address': WALLET, first: '0' }, 'first must be at least 1, found "0"'],
    [{ 'wallet-address': WALLET, first: '101' }, 'first must be at most 100, found "101"'],
    [{ 'wallet-address': WALLET, first: '1.5' }, 'first must be a whole number, found "1.5"'],
    [{ 'wallet-address': WALLET, first: 'many' }, 'first must be a number, found "many"'],
    [{ 'wallet-address': WALLET, first: ['1', '2'] }, 'first must be a number'],
    [{ 'wallet-address': WALLET, cursor: '1 or 1=1' }, 'cursor must be the id of a listed resource'],
  ] as const) {
    it(`is refused: ${told}`, () => expect(() => parseListQuery(query)).toThrow(told))
  }
})
