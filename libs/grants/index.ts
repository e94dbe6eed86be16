export {
  type Access,
  type AccessType,
  type Action,
  type AskedAction,
  type AskedRight,
  type Reach,
  type Right,
  reachOf,
  rightsFor,
} from './access.js'
export { AccessControl, type AccessControlParts } from './access-control.js'
export { grantsMigrations } from './grants.migrations.js'
export { GrantsModule } from './grants.module.js'
export type { Grant, GrantedPayment, SpentAmounts } from './limits/grant.js'
export { reserveFromGrant, settleWithGrant, spentFromGrant } from './limits/grant-spending.js'
export type { Kept } from './limits/grant-spending.queries.js'
export type { Amount, Limits } from './limits/limits.js'
export { readLimited } from './read-limited.js'
export type { ReceivedRequest } from './signatures/received-request.js'
