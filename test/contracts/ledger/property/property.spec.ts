import { describe } from 'vitest'
import { memoryAdapter, postgresAdapter, tigerBeetleAdapter } from '../adapters.js'
import { tigerBeetleBinary, warnSkipped } from '../tigerbeetle-server.js'
import { ledgerProperties } from './property.js'

const isPresent = tigerBeetleBinary() !== undefined
if (!isPresent) warnSkipped('the random sequences')

ledgerProperties(memoryAdapter)
ledgerProperties(postgresAdapter)
describe.skipIf(!isPresent)('with a real server', () => {
  ledgerProperties(tigerBeetleAdapter)
})
