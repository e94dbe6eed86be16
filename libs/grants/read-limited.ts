/** Reads an answer as text, and no more of it than is allowed. */
export async function readLimited(body: AsyncIterable<unknown>, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of body) {
    if (!(part instanceof Uint8Array)) throw new Error('the answer is not made of bytes')
    size += part.length
    if (size > maxBytes) throw new Error(`the answer is longer than ${maxBytes} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}
