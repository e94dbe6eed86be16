export { type RunningNode, start } from './start.js'
