import type { Limits } from './limits/limits.js'

/** What a token opens, in the words of Open Payments. */
export type AccessType = 'incoming-payment' | 'outgoing-payment' | 'quote'
export type Action = 'create' | 'complete' | 'read' | 'read-all' | 'list' | 'list-all'
/** What a route asks of a token: `read-all` and `list-all` only widen what `read` and `list` show. */
export type AskedAction = Exclude<Action, 'read-all' | 'list-all'>

/** One access item of a grant. */
export interface Right {
  readonly type: AccessType
  readonly actions: readonly Action[]
  /** The wallet address it is bound to; without one it holds for every wallet address of the tenant. */
  readonly identifier?: string
  readonly limits?: Limits
}

/** Who calls and what the token allows. */
export interface Access {
  /** The tenant whose resource server the token is of. */
  readonly tenantId: string
  /** The client's wallet address, or the thumbprint URI of its key (RFC 9278); absent for the operator's own token. */
  readonly client?: string
  /** The grant that the token was given under; absent for the operator's own token. */
  readonly grantId?: string
  readonly rights: readonly Right[]
}

/** What a route asks: the wallet address, where it is known, is the one whose resources are touched. */
export interface AskedRight {
  readonly type: AccessType
  readonly action: AskedAction
  readonly walletAddress?: string
}

/** `all`: any resource; `own`: those the calling client made; `none`: refused. Making and completing ask for no more. */
export type Reach = 'all' | 'own' | 'none'

/** How far the access goes for what is asked; `read-all` and `list-all` include `read` and `list`. */
export function reachOf(access: Access, asked: AskedRight): Reach {
  const granted = new Set(rightsFor(access, asked).flatMap((right) => right.actions))
  if (asked.action === 'read' && granted.has('read-all')) return 'all'
  if (asked.action === 'list' && granted.has('list-all')) return 'all'
  return granted.has(asked.action) ? 'own' : 'none'
}

/** The access items that speak of what is asked, whatever their actions are. */
export function rightsFor({ rights }: Access, { type, walletAddress }: AskedRight): Right[] {
  return rights.filter((right) => right.type === type && isFor(right, walletAddress))
}

// Wallet addresses are the same in any case, and with or without a slash at the end.
function isFor({ identifier }: Right, walletAddress: string | undefined): boolean {
  return identifier === undefined || walletAddress === undefined || canonical(identifier) === canonical(walletAddress)
}

function canonical(walletAddress: string): string {
  return walletAddress.toLowerCase().replace(/\/+$/, '')
}

/** Everything there is to do with payments. */
export const ALL_RIGHTS: readonly Right[] = [
  { type: 'incoming-payment', actions: ['create', 'complete', 'read', 'read-all', 'list', 'list-all'] },
  { type: 'outgoing-payment', actions: ['create', 'read', 'read-all', 'list', 'list-all'] },
  { type: 'quote', actions: ['create', 'read', 'read-all'] },
]
