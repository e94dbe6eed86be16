import { once } from 'node:events'
import { createServer } from 'node:net'
import { type Config, ConfigError, type Problem, type Role } from '@kivuko/platform'

interface PortSetting {
  readonly variable: string
  readonly port: number
}

/** Finds out before anything is started, not after, that a door could not listen; names every such port at once. */
export async function refuseTakenPorts(config: Config): Promise<void> {
  const settings = [...config.roles.map((role) => portOf(role, config)), monitoringPort(config)]
  const problems: Problem[] = []
  for (const { variable, port } of settings.filter((setting) => setting !== undefined)) {
    const refusal = await tryPort(config.bindHost, port)
    if (refusal === undefined) continue
    const found = `"${port}", on which ${config.bindHost} cannot be listened to (${refusal})`
    problems.push({ variable, found, expected: 'a port that is free' })
  }
  if (problems.length > 0) throw new ConfigError(problems)
}

function portOf(role: Role, config: Config): PortSetting | undefined {
  switch (role) {
    case 'connector':
      return { variable: 'CONNECTOR_PORT', port: config.connectorPort }
    case 'open-payments':
      return { variable: 'OPEN_PAYMENTS_PORT', port: config.openPaymentsPort }
    case 'admin':
      return { variable: 'ADMIN_PORT', port: config.adminPort }
    case 'worker':
      return undefined
  }
}

function monitoringPort({ monitoringPort: port }: Config): PortSetting | undefined {
  return port === undefined ? undefined : { variable: 'MONITORING_PORT', port }
}

/** The system's reason why a port cannot be listened on, such as EADDRINUSE. */
async function tryPort(host: string, port: number): Promise<string | undefined> {
  const server = createServer()
  try {
    const listening = once(server, 'listening')
    server.listen(port, host)
    await listening
    return undefined
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  } finally {
    server.close()
  }
}
