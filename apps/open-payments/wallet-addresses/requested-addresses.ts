/**
 * The wallet addresses a request may mean: the URL the client used, of which a node behind a proxy sees the host and the
 * path. Plain http counts only where it is allowed.
 */
export function requestedAddresses(host: string, path: string, isHttpAllowed: boolean): string[] {
  if (host === '') return []
  const schemes = isHttpAllowed ? ['http', 'https'] : ['https']
  return schemes.map((scheme) => `${scheme}://${host}${path}`).filter((address) => URL.canParse(address))
}
