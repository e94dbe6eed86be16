import { SPSP_TYPE } from './spsp-query.js'

const JSON_TYPES: ReadonlySet<string> = new Set(['application/json', 'application/*', '*/*', 'text/html', 'text/*'])

/** Whether a client that sends this Accept header takes a wallet address as JSON. A browser does too: there is no page for it. */
export function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === '') return true
  return acceptedTypes(accept).some((type) => JSON_TYPES.has(type))
}

/** Whether it asks for SPSP by name, alone or among others. */
export function acceptsSpsp(accept: string | undefined): boolean {
  return acceptedTypes(accept ?? '').includes(SPSP_TYPE)
}

function acceptedTypes(accept: string): string[] {
  const ranges = accept.split(',').map((range) => range.split(';').map((part) => part.trim().toLowerCase()))
  return ranges
    .filter(([, ...parameters]) => !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)))
    .map(([type = '']) => type)
}
