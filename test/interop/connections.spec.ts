import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { decodeReply, encodeReply, fulfill } from '@kivuko/ilp'
import type { Door } from '@kivuko/rooms'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { waitFor } from '../harness/wait-for.js'
import { openMemoryDoor } from './memory-door.js'
import { MemoryNode } from './memory-node.js'
import { prepareAt } from './packets.js'

const node = new MemoryNode({ ilpAddress: 'test.kivuko' })
const OCTETS = 'application/octet-stream'
let door: Door

beforeAll(async () => {
  const usd = await node.openAsset('USD', 2)
  await node.addPeer(usd, { staticIlpAddress: 'test.alice', outgoingEndpoint: 'http://127.0.0.1:9/' }, 'alices-token')
  door = await openMemoryDoor(node)
})
afterAll(async () => {
  await door.close()
  await node.connector.beforeApplicationShutdown()
})

// What the two systems hold is some megabytes each; this is more than a hundred.
const FAR_TOO_MANY = 4_000
const LONG_ANSWER = encodeReply(fulfill(Buffer.alloc(32), Buffer.alloc(32_000)))
const LONGEST_WAITS = 400

/** One connection of a peer, that writes what it is told and reads one response after the other. */
class Line {
  private constructor(private readonly socket: Socket) {}

  private octets = Buffer.alloc(0)
  isClosed = false

  pause(): void {
    this.socket.pause()
  }

  resume(): void {
    this.socket.resume()
  }

  static async open(to = door): Promise<Line> {
    const line = new Line(connect(Number(new URL(to.url ?? '').port), '127.0.0.1').setNoDelay(true))
    line.socket.on('data', (chunk) => {
      line.octets = Buffer.concat([line.octets, chunk])
    })
    line.socket.on('close', () => {
      line.isClosed = true
    })
    line.socket.on('error', () => undefined)
    onTestFinished(() => void line.socket.destroy())
    await once(line.socket, 'connect')
    return line
  }

  write(octets: Buffer | string): Promise<void> {
    return new Promise((resolve) => this.socket.write(octets, () => resolve()))
  }

  end(octets: Buffer): void {
    this.socket.end(octets)
  }

  /** The next response; only what belongs to it is taken. */
  async answer(): Promise<{ status: number; body: Buffer }> {
    const found: { status: number; body: Buffer }[] = []
    await waitFor('a response', () => {
      const head = this.octets.indexOf('\r\n\r\n')
      const length = /content-length: (\d+)/i.exec(this.octets.toString('latin1', 0, Math.max(head, 0)))?.[1]
      const end = head + 4 + Number.parseInt(length ?? '0', 10)
      if (head === -1 || this.octets.length < end) return false
      const status = Number.parseInt(this.octets.toString('latin1', 'HTTP/1.1 '.length, head), 10)
      found.push({ status, body: this.octets.subarray(head + 4, end) })
      this.octets = this.octets.subarray(end)
      return true
    })
    const [response] = found
    if (!response) throw new Error('the response is not complete')
    return response
  }
}

function packet(authorization = 'Bearer alices-token', further = ''): Buffer {
  const body = prepareAt(node, { destination: 'test.nobody' })
  const fields = `Host: x\r\nContent-Type: ${OCTETS}\r\nAuthorization: ${authorization}\r\n${further}`
  return Buffer.concat([Buffer.from(`POST /ilp HTTP/1.1\r\n${fields}Content-Length: ${body.length}\r\n\r\n`), body])
}

async function expectReply(line: Line): Promise<void> {
  const { status, body } = await line.answer()
  expect(status).toBe(200)
  expect(decodeReply(body)).toMatchObject({ code: 'F02' })
}

describe('a connection on which packets came', () => {
  it('carries one after the other', async () => {
    const line = await Line.open()
    for (let n = 0; n < 5; n++) {
      await line.write(packet())
      await expectReply(line)
    }
  })

  it('may ask something else, and send packets again', async () => {
    const line = await Line.open()
    await line.write(packet())
    await expectReply(line)
    await line.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n')
    expect((await line.answer()).body.toString()).toBe('{"live":true}')
    await line.write(packet())
    await expectReply(line)
  })

  it('may send the next ones before the first is answered', async () => {
    const line = await Line.open()
    await line.write(Buffer.concat([packet(), packet(), packet()]))
    await line.write(packet())
    for (let n = 0; n < 4; n++) await expectReply(line)
    await line.write(packet())
    await expectReply(line)
  })

  it('may bring a packet in pieces', async () => {
    const line = await Line.open()
    await line.write(packet())
    await expectReply(line)
    const whole = packet()
    for (const at of [0, 20, 100, whole.length - 3]) {
      const next = [20, 100, whole.length - 3, whole.length].find((end) => end > at)
      await line.write(whole.subarray(at, next))
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    await expectReply(line)
    await line.write(packet())
    await expectReply(line)
  })

  it('is told when its token is no longer one', async () => {
    const line = await Line.open()
    await line.write(packet())
    await expectReply(line)
    await line.write(packet('Bearer another'))
    expect((await line.answer()).status).toBe(401)
    await line.write(packet())
    await expectReply(line)
  })

  it('is answered when it says that this was its last, and then closed', async () => {
    const line = await Line.open()
    await line.write(packet('Bearer alices-token', 'Connection: close\r\n'))
    await expectReply(line)
    await waitFor('the end', () => line.isClosed)
    const silent = await Line.open()
    silent.end(packet())
    await expectReply(silent)
    await waitFor('the end', () => silent.isClosed)
  })

  it('is not read from while it does not read: what is answered does not pile up', async () => {
    const handle = vi.spyOn(node.connector, 'handle').mockImplementation(async () => LONG_ANSWER)
    onTestFinished(() => void handle.mockRestore())
    const line = await Line.open()
    line.pause()
    const isTaken = async (count: number) => {
      for (let waits = 0; waits < LONGEST_WAITS; waits++) {
        if (handle.mock.calls.length === count) return true
        await new Promise((resolve) => (waits < 100 ? setImmediate(resolve) : setTimeout(resolve, 10)))
      }
      return false
    }
    let taken = 0
    do {
      line.write(packet())
      taken++
    } while (taken < FAR_TOO_MANY && (await isTaken(taken)))
    expect(taken).toBeLessThan(FAR_TOO_MANY)
    line.resume()
    await waitFor('the last packet is taken', () => handle.mock.calls.length === taken)
  }, 60_000)

  it('is closed with the door, and so is one on which nothing came', async () => {
    const closing = await openMemoryDoor(node)
    const [used, unused] = [await Line.open(closing), await Line.open(closing)]
    await used.write(packet())
    await expectReply(used)
    await closing.close()
    await waitFor('the end', () => used.isClosed && unused.isClosed)
  })
})
