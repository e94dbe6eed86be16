import { describe, expect, it } from 'vitest'
import { hashToken, IncomingTokens } from './incoming-tokens.js'

function tokensOf(peers: Record<string, string[]>): IncomingTokens {
  const tokens = new IncomingTokens()
  for (const [peerId, own] of Object.entries(peers)) tokens.set(peerId, own.map(hashToken))
  return tokens
}

describe('hashToken', () => {
  it('is SHA-256', () => {
    // FIPS 180-2, example B.1.
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    expect(hashToken('abc').toString('hex')).toBe(abc)
  })
})

describe('IncomingTokens', () => {
  it('finds the peer of each of its tokens', () => {
    const tokens = tokensOf({ alice: ['a1', 'a2'], bob: ['b1'] })
    expect(['a1', 'a2', 'b1', 'c1', '', 'A1', 'a1 '].map((token) => tokens.peerOf(token))).toEqual([
      'alice',
      'alice',
      'bob',
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })

  it('forgets the tokens a peer had before', () => {
    const tokens = tokensOf({ alice: ['old', 'kept'] })
    tokens.set('alice', ['kept', 'new'].map(hashToken))
    expect(['old', 'kept', 'new'].map((token) => tokens.peerOf(token))).toEqual([undefined, 'alice', 'alice'])
  })

  it('forgets a removed peer, but not a token that another peer took over', () => {
    const tokens = tokensOf({ alice: ['shared', 'own'] })
    tokens.set('bob', [hashToken('shared')])
    tokens.remove('alice')
    expect(['shared', 'own'].map((token) => tokens.peerOf(token))).toEqual(['bob', undefined])
  })
})
