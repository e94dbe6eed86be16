import { PacketError } from './packet-error.js'

/** Reads OER (RFC 30) from a buffer. What it returns are views of that buffer, not copies. */
export class OctetReader {
  private offset = 0

  constructor(private readonly bytes: Buffer) {}

  readUInt8(): number {
    return this.bytes.readUInt8(this.advance(1))
  }

  readUInt64(): bigint {
    return this.bytes.readBigUInt64BE(this.advance(8))
  }

  read(length: number): Buffer {
    const start = this.advance(length)
    return this.bytes.subarray(start, start + length)
  }

  readVarOctets(): Buffer {
    return this.read(this.readLength())
  }

  /** Texts of addresses, codes and timestamps: bytes above 127 become characters that none of their rules accept. */
  readVarLatin1(): string {
    const length = this.readLength()
    const start = this.advance(length)
    return this.bytes.toString('latin1', start, start + length)
  }

  /** Canonical lengths only: a packet that we forward must be canonical, and its bytes are passed on as they are. */
  readLength(): number {
    const first = this.readUInt8()
    if (first < 0x80) return first
    const width = first & 0x7f
    if (width === 0 || width > 4) {
      throw new PacketError('non-canonical-length', `a length prefix of ${width} bytes cannot be read: expected 1 to 4`)
    }
    const start = this.advance(width)
    const length = this.bytes.readUIntBE(start, width)
    const isShortest = length >= 0x80 && this.bytes[start] !== 0
    if (!isShortest) {
      throw new PacketError(
        'non-canonical-length',
        `the length ${length} is written in ${width} bytes: expected the shortest form`,
      )
    }
    return length
  }

  private advance(length: number): number {
    const start = this.offset
    if (length > this.bytes.length - start) {
      throw new PacketError(
        'truncated',
        `the packet ends too early: ${length} bytes expected at offset ${start}, ${this.bytes.length - start} are there`,
      )
    }
    this.offset = start + length
    return start
  }
}
