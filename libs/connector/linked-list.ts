/** An entry of a LinkedList; in one list at most. */
export class ListEntry<T> {
  previous: ListEntry<T> | undefined
  next: ListEntry<T> | undefined

  constructor(readonly value: T) {}
}

/** A list in order of arrival from whose middle entries are removed at no cost. A Set would be rehashed as it churns (decision 22). */
export class LinkedList<T> {
  first: ListEntry<T> | undefined
  size = 0
  private last: ListEntry<T> | undefined

  push(entry: ListEntry<T>): void {
    entry.previous = this.last
    entry.next = undefined
    if (this.last) this.last.next = entry
    else this.first = entry
    this.last = entry
    this.size++
  }

  /** Only of an entry that is in this list. */
  remove(entry: ListEntry<T>): void {
    const { previous, next } = entry
    if (previous) previous.next = next
    else this.first = next
    if (next) next.previous = previous
    else this.last = previous
    entry.previous = undefined
    entry.next = undefined
    this.size--
  }
}
