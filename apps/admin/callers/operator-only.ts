import { DomainError } from '@kivuko/platform'
import type { Caller } from './caller.js'

/** For what concerns the node as a whole. */
export function requireOperator({ isOperator }: Caller): void {
  if (isOperator) return
  throw new DomainError('forbidden', 'OperatorOnly', 'Only the operator of this node may ask for this')
}
