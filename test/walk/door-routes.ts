import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { z } from 'zod'

const STARTED = 'fastify.initialization'

interface Server {
  readonly server: { address(): unknown }
  addHook(name: 'onRoute', hook: (route: Route) => void): unknown
}

interface Route {
  readonly method: string | string[]
  readonly url: string
}

const message = z.object({ fastify: z.custom<Server>((value) => typeof value === 'object' && value !== null) })
const address = z.object({ port: z.number() })

/**
 * Every route of every Fastify server that starts while this listens, taken from the routers themselves: a new route, or a
 * new door, is in the list without anybody thinking of it.
 */
export class DoorRoutes {
  private readonly found: { readonly server: Server; readonly routes: Set<string> }[] = []
  private readonly hear = (started: unknown) => {
    const { fastify: server } = message.parse(started)
    const routes = new Set<string>()
    this.found.push({ server, routes })
    server.addHook('onRoute', ({ method, url }) => {
      for (const each of [method].flat()) routes.add(`${each} ${url}`)
    })
  }

  listen(): void {
    subscribe(STARTED, this.hear)
  }

  stop(): void {
    unsubscribe(STARTED, this.hear)
  }

  /** `<METHOD> <pattern>` of the door that listens at this URL now. */
  at(url: string): string[] {
    const port = Number.parseInt(new URL(url).port, 10)
    const door = this.found.find(({ server }) => address.safeParse(server.server.address()).data?.port === port)
    if (door === undefined) throw new Error(`no router was seen that listens at ${url}`)
    return [...door.routes].sort()
  }

  /** Where servers listen now that this has heard of: none may be left out of the walk. */
  get ports(): number[] {
    return this.found.flatMap(({ server }) => address.safeParse(server.server.address()).data?.port ?? [])
  }
}
