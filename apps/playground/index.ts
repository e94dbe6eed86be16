export { type PlaygroundOptions, runPlayground } from './playground.js'
export { Paper } from './print/paper.js'
