const JSON_TYPES: ReadonlySet<string> = new Set(['application/json', 'application/*', '*/*', 'text/html', 'text/*'])

/** Whether a client that sends this Accept header takes a wallet address as JSON. A browser does too: there is no page for it. */
export function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === '') return true
  return accept.split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    return JSON_TYPES.has(type) && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
  })
}
