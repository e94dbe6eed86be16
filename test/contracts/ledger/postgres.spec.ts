import { postgresAdapter } from './adapters.js'
import { ledgerContract } from './contract.js'

ledgerContract(postgresAdapter)
