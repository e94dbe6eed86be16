import { join, relative } from 'node:path'
import type { RunningNode } from './start.js'

const LABEL_WIDTH = 16

/** What an operator looks for first: where the doors are, where the data and the secrets lie. */
export function describeNode({ config, doors, database }: RunningNode): string {
  const rows = [
    ...doors.map(({ name, url }) => [name, url ?? 'in this process']),
    ['ILP address', config.ilpAddress],
    ['operator tenant', config.operatorTenantId],
    ['database', database.place],
    ['secrets', `${shortPath(join(config.dataDir, 'secrets.json'))} (those not set by variables)`],
  ]
  const lines = rows.map(([label = '', value = '']) => `  ${label.padEnd(LABEL_WIDTH)}  ${value}`)
  return ['', `  The node "${config.instanceName}" is open. Ctrl-C stops it.`, '', ...lines, ''].join('\n')
}

function shortPath(path: string): string {
  const fromHere = relative('', path)
  return fromHere.startsWith('..') ? path : `./${fromHere}`
}
