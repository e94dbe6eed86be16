/** Injection tokens of what is not a class. */
export const CONFIG = Symbol('Config')
export const SECRETS = Symbol('Secrets')
export const LOGGER = Symbol('Logger')
