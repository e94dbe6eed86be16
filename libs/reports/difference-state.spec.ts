import { idFromUuid, lateChargeId, type TransferState } from '@kivuko/accounting'
import type { DifferenceKind } from '@kivuko/connector'
import { describe, expect, it } from 'vitest'
import { differenceKinds, differenceTexts } from './difference-kinds.js'
import { endOf, idsToJudge } from './difference-state.js'

const packetId = idFromUuid('01900000-0000-4000-8000-000000000001')
const STATES = ['pending', 'voided', 'expired', 'posted', undefined] as const

function endIn(kind: DifferenceKind, state: TransferState | undefined, isSuperseded = false) {
  return endOf({ kind, packetId, isSuperseded }, new Map(state ? [[packetId, { state }]] : []))
}

function endWithLateCharge(kind: DifferenceKind, attempt: number) {
  const charge = { state: 'posted' } as const
  const transfers = new Map([[lateChargeId(packetId, attempt), charge]])
  return endOf({ kind, packetId, isSuperseded: false }, transfers)
}

const ONLY_CLOSED = ['fulfilled-late', 'answer-gone', 'shortfall', 'beyond-maximum', 'doubtful'] as const

describe('a difference that was noted', () => {
  it.each(['released', 'abandoned'] as const)('as %s stands unless the packet is charged after all', (kind) => {
    expect(STATES.map((state) => endIn(kind, state))).toEqual([undefined, undefined, undefined, 'charged', undefined])
    expect([0, 1, 2, 3].map((attempt) => endWithLateCharge(kind, attempt))).toEqual(Array(4).fill('charged'))
  })

  it('by an earlier version stands unless the packet was charged or rejected after all', () => {
    const ends = STATES.map((state) => endIn('unanswered', state))
    expect(ends).toEqual([undefined, 'not-taken', undefined, 'charged', undefined])
    expect(endWithLateCharge('unanswered', 3)).toBe('charged')
  })

  it.each(ONLY_CLOSED)('as %s stands whatever the ledger says', (kind) => {
    expect(STATES.map((state) => endIn(kind, state))).toEqual(Array(5).fill(undefined))
    expect(endWithLateCharge(kind, 0)).toBeUndefined()
    expect(idsToJudge({ kind, packetId, isSuperseded: false })).toEqual([])
  })

  it('stands no more when another one of the packet knows more', () => {
    expect(endIn('released', 'voided', true)).toBe('superseded')
  })

  it('is judged by the packet’s transfer and its late charges', () => {
    const ids = [packetId, ...[0, 1, 2, 3].map((attempt) => lateChargeId(packetId, attempt))]
    expect(idsToJudge({ kind: 'released', packetId, isSuperseded: false })).toEqual(ids)
  })

  it('is of a kind that has a meaning and an advice', () => {
    expect(Object.keys(differenceTexts).sort()).toEqual([...differenceKinds].sort())
  })
})
