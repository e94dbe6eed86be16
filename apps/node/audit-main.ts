import { messageOf, readEnvironment } from '@kivuko/platform'
import { auditJson, auditTable, isClean } from '@kivuko/reports'
import { audit } from './audit.js'

// 0: every unit is accounted for; 1: findings, or differences to compare with peers; 2: the audit could not be made.
try {
  const result = await audit(readEnvironment())
  console.log(process.argv.includes('--json') ? auditJson(result) : auditTable(result))
  process.exitCode = isClean(result) ? 0 : 1
} catch (error) {
  console.error(`The audit could not be made: ${messageOf(error)}`)
  process.exitCode = 2
}
