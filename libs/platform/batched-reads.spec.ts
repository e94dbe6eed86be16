import { expect, it } from 'vitest'
import { BatchedReads } from './batched-reads.js'

/** Answers each read when it is told to, with the numbers of the keys' letters. */
function slowReads() {
  const asked: (readonly string[])[] = []
  const answers: (() => void)[] = []
  const reads = new BatchedReads<string, number>(async (keys) => {
    asked.push(keys)
    await new Promise<void>((answer) => answers.push(answer))
    if (keys.includes('bad')) throw new Error('no')
    return new Map(keys.filter((key) => key !== 'unknown').map((key) => [key, key.length]))
  })
  const answer = async () => {
    await expect.poll(() => answers.length).toBeGreaterThan(0)
    answers.shift()?.()
  }
  return { reads, asked, answer }
}

it('reads for all who asked while another read was under way at once, and each key once', async () => {
  const { reads, asked, answer } = slowReads()
  const first = reads.find('a')
  await expect.poll(() => asked.length).toBe(1)
  const later = [reads.find('bb'), reads.find('bb'), reads.find('a'), reads.find('unknown')]
  await answer()
  expect(await first).toBe(1)
  await answer()
  expect(await Promise.all(later)).toEqual([2, 2, 1, undefined])
  expect(asked).toEqual([['a'], ['bb', 'a', 'unknown']])
})

it('fails for those of the read that failed, and reads on for others', async () => {
  const { reads, asked, answer } = slowReads()
  const bad = expect(reads.find('bad')).rejects.toThrow('no')
  await expect.poll(() => asked.length).toBe(1)
  const good = reads.find('good')
  await answer()
  await bad
  await answer()
  expect(await good).toBe(4)
})
