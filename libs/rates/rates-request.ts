import { messageOf } from '@kivuko/platform'
import { type Dispatcher, request } from 'undici'
import { ratesUnavailable } from './errors.js'
import { parseRatesAnswer, type RatesTable } from './rates-answer.js'

const TIMEOUT_MS = 5_000
// Some 200 currencies with 20 bytes each are 4 kB; an answer beyond this is not a rates table.
const MAX_ANSWER_BYTES = 256 * 1024

/** Which connections lead to an address; throws for one that none should lead to. */
export interface Toward {
  toward(url: string): Dispatcher | undefined
}

/** `GET <url>?base=<CODE>`, answered 200 within 5 s. Every failure is RatesUnavailable and says what happened. */
export async function requestRates(url: string, base: string, connections?: Toward): Promise<RatesTable> {
  const target = new URL(url)
  target.searchParams.set('base', base)
  try {
    return parseRatesAnswer(await fetchText(target, connections?.toward(url)), base)
  } catch (error) {
    throw ratesUnavailable(
      `Rates for ${base} are not available from ${target.origin}${target.pathname}: ${cause(error)}`,
    )
  }
}

async function fetchText(target: URL, dispatcher?: Dispatcher): Promise<string> {
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  const headers = { accept: 'application/json' }
  const response = await request(target, { signal, headers, ...(dispatcher && { dispatcher }) })
  if (response.statusCode !== 200) {
    await response.body.dump()
    throw new Error(`it answered with status ${response.statusCode}, expected 200`)
  }
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response.body) {
    bytes += chunk.length
    if (bytes > MAX_ANSWER_BYTES) {
      response.body.destroy()
      throw new Error(`its answer is longer than ${MAX_ANSWER_BYTES} bytes`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function cause(error: unknown): string {
  const late = error instanceof Error && error.name === 'TimeoutError'
  return late ? `no answer within ${TIMEOUT_MS} ms` : messageOf(error)
}
