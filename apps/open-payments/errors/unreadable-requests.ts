import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { ErrorAnswer } from './error-body.js'

/** What Node's HTTP parser says of bytes that it makes no request of. */
interface UnreadableRequest extends Error {
  readonly code?: string
}

const REFUSALS: Readonly<Record<string, readonly [status: number, description: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'The URL and the headers are too long together; at most 16 KiB are read'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time'],
}

/** Fastify has no request and no reply for these: the answer is written to the connection, which ends with it. */
export function answerUnreadable({ code = '' }: UnreadableRequest, socket: Socket): void {
  // A caller that is gone reads nothing.
  if (code === 'ECONNRESET' || socket.destroyed) return
  if (!socket.writable) return void socket.destroy()
  const [status, description] = REFUSALS[code] ?? [400, 'This is no HTTP request that can be read']
  const body: ErrorAnswer['body'] = { error: { code: String(status), description } }
  const text = JSON.stringify(body)
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`)
}
