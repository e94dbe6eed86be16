/** SQLSTATE of an error the server answered with; undefined when the answer never came. */
export function sqlStateOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined
  return /^[0-9A-Z]{5}$/.test(error.code) ? error.code : undefined
}

/** The fast path declined: its own signal, or a transfer that exists already. */
export function isDeclined(error: unknown): boolean {
  const state = sqlStateOf(error)
  return state === 'KV001' || state === '23505'
}

// serialization_failure, deadlock_detected, lock_not_available, unique_violation (a twin of another process, just committed).
const COLLISIONS = new Set(['40001', '40P01', '55P03', '23505'])

/** Two processes met; the same batch will pass when sent again. */
export function isCollision(error: unknown): boolean {
  return COLLISIONS.has(sqlStateOf(error) ?? '')
}

/** No answer, a server that goes down or comes up, or one out of resources: worth another attempt in a while. */
export function isWeather(error: unknown): boolean {
  const state = sqlStateOf(error)
  return state === undefined || ['08', '53', '57', '58', '25'].includes(state.slice(0, 2))
}
