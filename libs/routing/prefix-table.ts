interface Node<T> {
  value: T | undefined
  children: Map<string, Node<T>> | undefined
}

/**
 * Values by address prefix, found by the longest prefix of whole segments: `g.alice` matches `g.alice.bob`, never
 * `g.alice2`. A lookup visits only the segments that some prefix has, however many prefixes there are.
 */
export class PrefixTable<T> {
  private readonly root: Node<T> = { value: undefined, children: undefined }
  private count = 0

  get size(): number {
    return this.count
  }

  /** Replaces what was stored under exactly this prefix. */
  set(prefix: string, value: T): void {
    let node = this.root
    for (const segment of prefix.split('.')) {
      node.children ??= new Map()
      const child: Node<T> = node.children.get(segment) ?? { value: undefined, children: undefined }
      node.children.set(segment, child)
      node = child
    }
    if (node.value === undefined) this.count++
    node.value = value
  }

  /** What is stored under exactly this prefix. */
  get(prefix: string): T | undefined {
    let node: Node<T> | undefined = this.root
    for (const segment of prefix.split('.')) node = node?.children?.get(segment)
    return node?.value
  }

  delete(prefix: string): boolean {
    const path = [this.root]
    const segments = prefix.split('.')
    for (const segment of segments) {
      const child = path.at(-1)?.children?.get(segment)
      if (!child) return false
      path.push(child)
    }
    const last = path.at(-1)
    if (last?.value === undefined) return false
    last.value = undefined
    this.count--
    prune(path, segments)
    return true
  }

  /** The value of the longest prefix of `address`. */
  resolve(address: string): T | undefined {
    let best: T | undefined
    let node: Node<T> | undefined = this.root
    for (let start = 0; start <= address.length; ) {
      if (!node.children) break
      const dot = address.indexOf('.', start)
      const end = dot === -1 ? address.length : dot
      node = node.children.get(address.slice(start, end))
      if (!node) break
      if (node.value !== undefined) best = node.value
      start = end + 1
    }
    return best
  }
}

/** Removes the nodes that hold neither a value nor a child, from the leaf upwards: a deleted route leaves nothing behind. */
function prune<T>(path: Node<T>[], segments: string[]): void {
  for (let depth = segments.length; depth > 0; depth--) {
    const node = path[depth]
    const segment = segments[depth - 1]
    if (!node || segment === undefined || node.value !== undefined || node.children?.size) return
    path[depth - 1]?.children?.delete(segment)
  }
}
