import type { Paper } from '../print/paper.js'
import type { Happening } from './timeline.js'

/** One line per happening: milliseconds since the order, who, what. */
export function printTimeline(paper: Paper, happenings: readonly Happening[]): void {
  const [first] = happenings
  if (!first) return
  paper.heading('What happened, in milliseconds since the order')
  const width = Math.max(...happenings.map(({ who }) => who.length))
  for (const { atMs, who, what } of happenings) {
    const time = `${atMs - first.atMs}`.padStart(6)
    paper.line(`  ${paper.styled(time, 'dim')}  ${paper.styled(who.padEnd(width), 'cyan')}  ${shorten(what)}`)
  }
}

/** Identities by their first eight digits: enough to tell them apart here. */
function shorten(text: string): string {
  return text.replace(/\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '$1…')
}
