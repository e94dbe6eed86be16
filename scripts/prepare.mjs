// Installs and builds what is missing or older than its sources. Quick when there is nothing to do.
import { installIfNeeded } from './install.mjs'
import { transpileIfNeeded } from './transpile.mjs'

const OLDEST_NODE = [20, 19]

try {
  refuseOldNode()
  await installIfNeeded()
  await transpileIfNeeded()
} catch (error) {
  console.error(`Kivuko could not be prepared: ${error.message}`)
  process.exitCode = 1
}

function refuseOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return
  throw new Error(`it needs Node ${OLDEST_NODE.join('.')} or later, and this is ${process.version}`)
}
