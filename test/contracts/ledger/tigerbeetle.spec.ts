import { describe } from 'vitest'
import { tigerBeetleAdapter } from './adapters.js'
import { ledgerContract } from './contract.js'
import { tigerBeetleBinary, warnSkipped } from './tigerbeetle-server.js'

const isPresent = tigerBeetleBinary() !== undefined
if (!isPresent) warnSkipped('the ledger contract')

describe.skipIf(!isPresent)('with a real server', () => {
  ledgerContract(tigerBeetleAdapter)
})
