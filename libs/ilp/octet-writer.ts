/** Bytes that a value of `length` takes together with its length prefix. */
export function varOctetsSize(length: number): number {
  return lengthPrefixSize(length) + length
}

export function lengthPrefixSize(length: number): number {
  if (length < 0x80) return 1
  if (length < 0x100) return 2
  return length < 0x1_0000 ? 3 : 4
}

/** Writes canonical OER (RFC 30) into a buffer of exactly the right size. */
export class OctetWriter {
  private offset = 0

  constructor(private readonly bytes: Buffer) {}

  writeUInt8(value: number): void {
    this.offset = this.bytes.writeUInt8(value, this.offset)
  }

  writeUInt64(value: bigint): void {
    this.offset = this.bytes.writeBigUInt64BE(value, this.offset)
  }

  write(octets: Buffer): void {
    this.offset += octets.copy(this.bytes, this.offset)
  }

  writeLatin1(text: string): void {
    this.offset += this.bytes.write(text, this.offset, 'latin1')
  }

  writeLength(length: number): void {
    const width = lengthPrefixSize(length) - 1
    if (width > 0) this.writeUInt8(0x80 | width)
    this.offset = this.bytes.writeUIntBE(length, this.offset, Math.max(width, 1))
  }

  writeVarOctets(octets: Buffer): void {
    this.writeLength(octets.length)
    this.write(octets)
  }

  writeVarLatin1(text: string): void {
    this.writeLength(text.length)
    this.writeLatin1(text)
  }
}
