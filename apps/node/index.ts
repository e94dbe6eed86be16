export { audit } from './audit.js'
export { type RunningNode, start } from './start.js'
