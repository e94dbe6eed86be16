export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
}

/** Lines of a plain table: a heading, a rule, the rows. An empty row becomes a rule. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)),
  )
  const rule = `  ${widths.map((width) => '─'.repeat(width)).join('──')}`
  const format = (cells: readonly string[]) =>
    `  ${columns.map(({ align }, index) => pad(cells[index] ?? '', widths[index] ?? 0, align)).join('  ')}`.trimEnd()
  return [
    format(columns.map(({ title }) => title)),
    rule,
    ...rows.map((row) => (row.length === 0 ? rule : format(row))),
  ]
}

function pad(text: string, width: number, align: Column['align']): string {
  return align === 'right' ? text.padStart(width) : text.padEnd(width)
}
