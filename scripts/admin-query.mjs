// node scripts/admin-query.mjs [<secrets file>] '<GraphQL>' ['<variables as JSON>']: a signed call to a node's admin API.
// The file is DATA_DIR/secrets.json of the node (default ./data/secrets.json); the address is its ADMIN_URL, or ADMIN_URL
// of the environment, or http://127.0.0.1:3001/graphql.
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { canonicalize } from 'json-canonicalize'

const words = process.argv.slice(2)
const file = words[0]?.endsWith('.json') ? words.shift() : 'data/secrets.json'
const [query, variables = '{}'] = words
if (query === undefined)
  fail("usage: node scripts/admin-query.mjs [<secrets file>] '<GraphQL>' ['<variables as JSON>']")

const secrets = { ...readSecrets(), ...process.env }
const { ADMIN_API_SECRET, OPERATOR_TENANT_ID, ADMIN_URL = 'http://127.0.0.1:3001/graphql' } = secrets
if (!ADMIN_API_SECRET || !OPERATOR_TENANT_ID) fail(`${file} names no ADMIN_API_SECRET and OPERATOR_TENANT_ID`)

const body = { query, variables: JSON.parse(variables) }
const t = Date.now()
const digest = createHmac('sha256', ADMIN_API_SECRET)
  .update(`${t}.${canonicalize(body)}`)
  .digest('hex')
const response = await fetch(ADMIN_URL, {
  method: 'POST',
  headers: {
    'content-type': 'application/json',
    'tenant-id': OPERATOR_TENANT_ID,
    signature: `t=${t}, v1=${digest}`,
  },
  body: JSON.stringify(body),
}).catch((error) => fail(`no node answers at ${ADMIN_URL} (${error.cause?.message ?? error.message})`))
const text = await response.text()
const answer = text.startsWith('{') ? JSON.parse(text) : text
console.log(typeof answer === 'string' ? answer : JSON.stringify(answer, null, 2))
if (!response.ok || answer.errors !== undefined) process.exitCode = 1

function readSecrets() {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    return fail(`${file} cannot be read (${error.message}); start the node first, or name its secrets file`)
  }
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
