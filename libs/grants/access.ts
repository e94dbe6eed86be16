/** What a token opens, in the words of Open Payments. */
export type AccessType = 'incoming-payment' | 'outgoing-payment' | 'quote'
export type Action = 'create' | 'complete' | 'read' | 'read-all' | 'list' | 'list-all'

export interface Right {
  readonly type: AccessType
  readonly actions: readonly Action[]
}

/** Who calls and what the token allows. */
export interface Access {
  /** The tenant whose resource server the token is of. */
  readonly tenantId: string
  /** The calling client's wallet address; absent for the operator's own token. */
  readonly client?: string
  readonly rights: readonly Right[]
}

/** `all`: any resource; `own`: those the calling client made; `none`: refused. Making and completing ask for no more. */
export type Reach = 'all' | 'own' | 'none'

/** How far the access goes for an action; `read-all` and `list-all` include `read` and `list`. */
export function reachOf({ rights }: Access, type: AccessType, action: 'create' | 'complete' | 'read' | 'list'): Reach {
  const granted = new Set(rights.filter((right) => right.type === type).flatMap((right) => right.actions))
  if (action === 'read' && granted.has('read-all')) return 'all'
  if (action === 'list' && granted.has('list-all')) return 'all'
  return granted.has(action) ? 'own' : 'none'
}

/** Everything there is to do with payments. */
export const ALL_RIGHTS: readonly Right[] = [
  { type: 'incoming-payment', actions: ['create', 'complete', 'read', 'read-all', 'list', 'list-all'] },
  { type: 'outgoing-payment', actions: ['create', 'read', 'read-all', 'list', 'list-all'] },
  { type: 'quote', actions: ['create', 'read', 'read-all'] },
]
