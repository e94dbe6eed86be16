import { messageOf, readEnvironment } from '@kivuko/platform'
import { auditJson, auditTable } from '@kivuko/reports'
import { audit } from './audit.js'

// 0: every unit is accounted for; 1: findings; 2: the audit could not be made.
try {
  const result = await audit(readEnvironment())
  console.log(process.argv.includes('--json') ? auditJson(result) : auditTable(result))
  process.exitCode = result.findings.length > 0 ? 1 : 0
} catch (error) {
  console.error(`The audit could not be made: ${messageOf(error)}`)
  process.exitCode = 2
}
