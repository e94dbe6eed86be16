import { connect } from 'node:net'

const PATIENCE_MS = 15_000

/** Whether the answer is one: a status line, or nothing at all and an end. */
export interface RawAnswer {
  /** 0 when the connection was ended without a word. */
  readonly status: number
  readonly body: string
}

/** Sends bytes as they are, and reads until the server ends the connection or has answered once. */
export function sendRaw(url: string, bytes: string | Buffer): Promise<RawAnswer> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    let heard = ''
    const end = () => {
      socket.destroy()
      resolve(read(heard))
    }
    socket.setEncoding('latin1')
    socket.setTimeout(PATIENCE_MS, () => {
      socket.destroy()
      reject(new Error(`no answer within ${PATIENCE_MS} ms to ${bytes.toString('latin1').slice(0, 500)}`))
    })
    socket.once('connect', () => socket.write(bytes))
    socket.on('data', (text) => {
      heard += text
      if (isWhole(heard)) end()
    })
    // A door that ends the connection while more is being sent is in its right.
    socket.once('error', end)
    socket.once('close', end)
  })
}

/** Many connections that send a little and then nothing; `close` lets go of them. */
export async function holdConnections(url: string, count: number, begin: string): Promise<{ close(): void }> {
  const { hostname, port } = new URL(url)
  const sockets = Array.from({ length: count }, () => connect(Number(port), hostname))
  for (const socket of sockets) socket.on('error', () => undefined)
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve))))
  for (const socket of sockets) socket.write(begin)
  return { close: () => sockets.forEach((socket) => void socket.destroy()) }
}

function isWhole(heard: string): boolean {
  const end = heard.indexOf('\r\n\r\n')
  if (end < 0) return false
  const length = /content-length: *(\d+)/i.exec(heard.slice(0, end))?.[1]
  if (length === undefined) return /transfer-encoding: *chunked/i.test(heard) ? heard.endsWith('0\r\n\r\n') : false
  return heard.length >= end + 4 + Number(length)
}

function read(heard: string): RawAnswer {
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(heard)?.[1] ?? 0)
  const [, body = ''] = heard.split('\r\n\r\n', 2)
  // An empty body in chunks is their end alone.
  return { status, body: body === '0' ? '' : body }
}
