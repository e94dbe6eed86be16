export { type Access, type AccessType, type Action, type Reach, type Right, reachOf } from './access.js'
export { AccessControl, type DevelopmentToken } from './access-control.js'
export { GrantsModule } from './grants.module.js'
