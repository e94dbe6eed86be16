import { expect, it } from 'vitest'
import { refusedWith } from './http-transport.js'

it.each([502, 504, 520, 524])(
  'a gateway that answers %i has lost the answer of a peer that may have taken it',
  (status) => {
    expect(refusedWith(status)).toMatchObject({ kind: 'lost' })
  },
)
