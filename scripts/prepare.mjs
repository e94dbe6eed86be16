// Installs and builds what is missing or older than its sources. Quick when there is nothing to do.
import { installIfNeeded } from './install.mjs'
import { transpileIfNeeded } from './transpile.mjs'

try {
  await installIfNeeded()
  await transpileIfNeeded()
} catch (error) {
  console.error(`Kivuko could not be prepared: ${error.message}`)
  process.exitCode = 1
}
