import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { Metrics } from '@kivuko/platform'
import type { Door, Health } from '@kivuko/rooms'

export interface MonitoringParts {
  readonly bindHost: string
  readonly port: number
  readonly health: Pick<Health, 'check'>
  readonly metrics: Pick<Metrics, 'text'>
}

/** For the operator's own network: the health of this process, whatever doors it opens, and its metrics for Prometheus. */
export async function openMonitoring({ bindHost, port, health, metrics }: MonitoringParts): Promise<Door> {
  const pages: Readonly<Record<string, (response: ServerResponse) => Promise<void>>> = {
    '/livez': async (response) => answer(response, 200, JSON.stringify({ live: true })),
    '/readyz': async (response) => {
      const state = await health.check()
      answer(response, state.healthy ? 200 : 503, JSON.stringify(state))
    },
    '/metrics': async (response) => answer(response, 200, await metrics.text(), 'text/plain; version=0.0.4'),
  }
  const server = createServer((request, response) => {
    const page = pages[request.url ?? '']
    if (page === undefined) return answer(response, 404, JSON.stringify({ pages: Object.keys(pages) }))
    page(response).catch(() => answer(response, 500, '{}'))
  })
  server.listen(port, bindHost)
  await once(server, 'listening')
  return { name: 'monitoring', url: urlOf(server.address(), bindHost), close: () => close() }

  async function close(): Promise<void> {
    server.close()
    server.closeAllConnections()
  }
}

function answer(response: ServerResponse, status: number, body: string, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': type }).end(body)
}

function urlOf(address: ReturnType<ReturnType<typeof createServer>['address']>, host: string): string {
  const port = address !== null && typeof address === 'object' ? address.port : 0
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
