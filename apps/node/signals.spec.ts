import { expect, it } from 'vitest'
import { Signals } from './signals.js'

function hear() {
  const done: string[] = []
  let nowMs = 0
  const signals = new Signals(
    () => done.push('end'),
    () => nowMs,
  )
  const heardAt = (ms: number, signal: string) => {
    nowMs = ms
    signals.heard(signal)
  }
  return { done, signals, heardAt }
}

it('ends at once while nothing is open yet', () => {
  const { done, heardAt } = hear()
  heardAt(0, 'SIGINT')
  expect(done).toEqual(['end'])
})

it('stops in order on the first signal, and ends at once on a second one', () => {
  const { done, signals, heardAt } = hear()
  signals.drainWith((cause) => done.push(`drain on ${cause}`))
  heardAt(0, 'SIGTERM')
  heardAt(2_000, 'SIGINT')
  expect(done).toEqual(['drain on SIGTERM', 'end'])
})

it('takes a signal that npm passes on for the same wish', () => {
  const { done, signals, heardAt } = hear()
  signals.drainWith((cause) => done.push(`drain on ${cause}`))
  heardAt(0, 'SIGINT')
  heardAt(5, 'SIGINT')
  expect(done).toEqual(['drain on SIGINT'])
})
