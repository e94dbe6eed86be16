import { describe } from 'vitest'
import { tigerBeetleBinary, warnSkipped } from '../tigerbeetle-server.js'
import { crashPromises } from './crash.js'
import { postgresPlace, tigerBeetlePlace } from './places.js'

const isPresent = tigerBeetleBinary() !== undefined
if (!isPresent) warnSkipped('the crash tests')

crashPromises('postgres', postgresPlace)
describe.skipIf(!isPresent)('with a real server', () => {
  crashPromises('tigerbeetle', tigerBeetlePlace)
})
