/** The doors of a node, and what it says by itself. */
export type Walked = 'admin' | 'open-payments' | 'connector' | 'monitoring' | 'webhooks'

interface Counts {
  readonly operations: Set<string>
  attempts: number
  refused: number
  answered: number
  holes: number
}

/** Counts what was tried at each door, and keeps every hole by its name. */
export class Tally {
  readonly holes: string[] = []
  private readonly doors = new Map<Walked, Counts>()

  /** It was refused, as it must be. */
  refused(door: Walked, operation: string, attempts = 1): void {
    const counts = this.countsOf(door, operation)
    counts.attempts += attempts
    counts.refused += attempts
  }

  /** It was answered, as it must be: to whom it belongs, or to everybody. */
  answered(door: Walked, operation: string): void {
    const counts = this.countsOf(door, operation)
    counts.attempts += 1
    counts.answered += 1
  }

  /** It was answered and must not be, or the other way round: then nothing is known of why the rest was refused. */
  hole(door: Walked, operation: string, what: string): void {
    const counts = this.countsOf(door, operation)
    counts.attempts += 1
    counts.holes += 1
    this.holes.push(`${door} ${operation}: ${what}`)
  }

  attemptsAt(door: Walked): number {
    return this.doors.get(door)?.attempts ?? 0
  }

  /** A line for each door, and one for all. */
  table(): string {
    const rows = [...this.doors].map(([door, counts]) => [door, ...numbers(counts)])
    const sums = rows.reduce<string[]>((sum, row) => addUp(sum, row), ['every door', '0', '0', '0', '0', '0'])
    const lines = [['door', 'operations', 'attempts', 'refused', 'answered', 'holes'], ...rows, sums]
    const text = lines.map(([door = '', ...cells]) => door.padEnd(15) + cells.map((cell) => cell.padStart(11)).join(''))
    return [...text, `${this.holes.length} holes`].join('\n')
  }

  private countsOf(door: Walked, operation: string): Counts {
    const counts = this.doors.get(door) ?? { operations: new Set(), attempts: 0, refused: 0, answered: 0, holes: 0 }
    this.doors.set(door, counts)
    counts.operations.add(operation)
    return counts
  }
}

function numbers({ operations, attempts, refused, answered, holes }: Counts): string[] {
  return [operations.size, attempts, refused, answered, holes].map(String)
}

function addUp(sum: readonly string[], row: readonly string[]): string[] {
  return sum.map((cell, index) =>
    index === 0 ? cell : `${Number.parseInt(cell, 10) + Number.parseInt(row[index] ?? '0', 10)}`,
  )
}
