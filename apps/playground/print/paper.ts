const STYLES = {
  bold: [1, 22],
  dim: [2, 22],
  green: [32, 39],
  red: [31, 39],
  cyan: [36, 39],
  yellow: [33, 39],
} as const
export type Style = keyof typeof STYLES

/** Where the playground writes: lines of text, with colours only for eyes. */
export class Paper {
  constructor(
    private readonly write: (text: string) => void,
    private readonly coloured: boolean,
  ) {}

  line(text = ''): void {
    this.write(`${text}\n`)
  }

  heading(text: string): void {
    this.line()
    this.line(this.styled(text, 'bold'))
  }

  done(what: string, detail = '', milliseconds?: number): void {
    const time = milliseconds === undefined ? '' : this.styled(`  ${(milliseconds / 1000).toFixed(1)} s`, 'dim')
    this.line(`  ${this.styled('✓', 'green')} ${what}${detail === '' ? '' : `  ${this.styled(detail, 'cyan')}`}${time}`)
  }

  verdict(holds: boolean, what: string): void {
    this.line(`  ${holds ? this.styled('✓', 'green') : this.styled('✗', 'red')} ${what}`)
  }

  styled(text: string, style: Style): string {
    const [on, off] = STYLES[style]
    return this.coloured ? `\u001b[${on}m${text}\u001b[${off}m` : text
  }
}
