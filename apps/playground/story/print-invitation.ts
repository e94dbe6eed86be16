import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Network, RunningInstitution } from '../network/network.js'
import { DEV_TOKEN } from '../network/settings.js'
import type { Paper } from '../print/paper.js'

const QUERY = '{ peers { edges { node { name staticIlpAddress liquidity } } } }'

/** Everything stays up: where it is, and a few things to try from another terminal. */
export async function printInvitation(paper: Paper, network: Network, folder: string): Promise<void> {
  const { alpha, beta } = network
  const [atAlpha] = await Promise.all([writeAccess(folder, alpha), writeAccess(folder, beta)])
  paper.heading('Everything stays up until Ctrl-C')
  for (const { name, bankUrl, adminUrl, openPaymentsUrl, connectorUrl } of [alpha, beta]) {
    paper.line(`  ${paper.styled(name, 'bold')}  bank ${bankUrl}   admin API ${adminUrl}`)
    paper.line(`  ${' '.repeat(name.length)}  Open Payments ${openPaymentsUrl}   connector ${connectorUrl}`)
  }
  paper.heading('To try from another terminal')
  attempt(paper, "bob's wallet address, as anyone sees it", `curl -s ${beta.openPaymentsUrl}/bob`)
  attempt(paper, 'another payment, the other way', order(beta, 'bob', `${alpha.openPaymentsUrl}/alice`, '10.00'))
  attempt(paper, 'the balances at both banks', `curl -s ${alpha.bankUrl}/customers ${beta.bankUrl}/customers`)
  attempt(paper, "a signed query to Alpha's admin API", `node scripts/admin-query.mjs ${atAlpha} '${QUERY}'`)
  attempt(paper, 'an incoming payment over Open Payments', incomingPayment(beta))
  attempt(paper, 'what a node says', `tail -f ${alpha.node.logFile}`)
}

function attempt(paper: Paper, what: string, command: string): void {
  paper.line(`  ${paper.styled(`# ${what}`, 'dim')}`)
  paper.line(`  ${command}`)
}

function order({ bankUrl }: RunningInstitution, from: string, to: string, amount: string): string {
  return `curl -s -H 'content-type: application/json' -d '${JSON.stringify({ from, to, amount })}' ${bankUrl}/payments`
}

function incomingPayment({ openPaymentsUrl, tenantId }: RunningInstitution): string {
  const body = JSON.stringify({ walletAddress: `${openPaymentsUrl}/bob` })
  const headers = `-H 'authorization: GNAP ${DEV_TOKEN}' -H 'content-type: application/json'`
  return `curl -s ${headers} -d '${body}' ${openPaymentsUrl}/${tenantId}/incoming-payments`
}

/** What the script that signs queries needs; only this user can read it. */
async function writeAccess(
  folder: string,
  { slug, adminUrl, adminSecret, tenantId }: RunningInstitution,
): Promise<string> {
  const file = join(folder, `${slug}.json`)
  const access = { ADMIN_URL: adminUrl, ADMIN_API_SECRET: adminSecret, OPERATOR_TENANT_ID: tenantId }
  await writeFile(file, JSON.stringify(access), { mode: 0o600 })
  return file
}
