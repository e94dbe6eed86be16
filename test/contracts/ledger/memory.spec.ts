import { memoryAdapter } from './adapters.js'
import { ledgerContract } from './contract.js'

ledgerContract(memoryAdapter)
