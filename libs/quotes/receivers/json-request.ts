import { readLimited } from '@kivuko/grants'
import { messageOf } from '@kivuko/platform'
import { type Dispatcher, request } from 'undici'
import type { z } from 'zod'
import { invalidReceiver, receiverUnavailable } from '../errors.js'
import type { Told } from './told.js'

export interface JsonRequest<Body> {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly shape: z.ZodType<Body>
  readonly dispatcher: Dispatcher
  readonly token?: string
  readonly body?: unknown
  readonly told?: Told
}

// The reference's clients wait as long; a quote's caller waits for it.
const TIMEOUT_MS = 5_000
// An incoming payment with generous metadata is a few kilobytes.
const MAX_BODY_BYTES = 65_536

/** One request to another Open Payments server, read within limits and checked for its form. */
export async function requestJson<Body>({
  url,
  shape,
  told = invalidReceiver,
  ...options
}: JsonRequest<Body>): Promise<Body> {
  const { status, text } = await exchange(url, options)
  if (status >= 500 || status === 429) throw receiverUnavailable(url, `it answered with status ${status}`)
  if (status !== 200 && status !== 201) throw told(url, `its server answered with status ${status}`, {}, status)
  const parsed = shape.safeParse(parseJson(url, text))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw invalidReceiver(url, `its server answered in another form (${issue?.path.join('.')}: ${issue?.message})`)
}

type Exchange = Omit<JsonRequest<unknown>, 'url' | 'shape' | 'told'>

async function exchange(
  url: string,
  { method, dispatcher, token, body }: Exchange,
): Promise<{ status: number; text: string }> {
  try {
    const response = await request(url, {
      dispatcher,
      method,
      headers: {
        accept: 'application/json',
        ...(token !== undefined && { authorization: `GNAP ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    return { status: response.statusCode, text: await readLimited(response.body, MAX_BODY_BYTES) }
  } catch (error) {
    throw receiverUnavailable(url, messageOf(error), { cause: error })
  }
}

function parseJson(url: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalidReceiver(url, 'its server did not answer in JSON', { cause: error })
  }
}
