const LIFECYCLE: ReadonlySet<string | symbol> = new Set([
  'onModuleInit',
  'onApplicationBootstrap',
  'onModuleDestroy',
  'beforeApplicationShutdown',
  'onApplicationShutdown',
])

/**
 * The same service for a door's own container, which must neither start nor stop it: a container calls these methods
 * on whatever it is given, and a door that closes would close the ledger for everyone.
 */
export function withoutLifecycle<Service>(service: Service): Service {
  if (!isObject(service) || ![...LIFECYCLE].some((name) => name in service)) return service
  const bound = new Map<string | symbol, unknown>()
  return new Proxy(service, {
    has: (target, name) => !LIFECYCLE.has(name) && name in target,
    get: (target, name) => {
      if (LIFECYCLE.has(name)) return undefined
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function' || name === 'constructor') return value
      // Methods run on the service itself, so that its private parts stay in reach.
      if (!bound.has(name)) bound.set(name, value.bind(target))
      return bound.get(name)
    },
  })
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
