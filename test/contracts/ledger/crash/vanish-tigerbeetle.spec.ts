import { describe } from 'vitest'
import { tigerBeetleBinary, warnSkipped } from '../tigerbeetle-server.js'
import { tigerBeetlePlace } from './places.js'
import { vanishPromises } from './vanish.js'

const isPresent = tigerBeetleBinary() !== undefined
if (!isPresent) warnSkipped('the vanished server')

describe.skipIf(!isPresent)('with a real server', () => {
  vanishPromises('tigerbeetle', tigerBeetlePlace)
})
