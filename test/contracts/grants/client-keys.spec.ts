import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { SigningClient } from '../../harness/authorization-server-client.js'
import { timed } from '../../harness/tries.js'
import { refusal } from './answers.js'
import { type OpenPaymentsDoor, openDoor } from './open-payments-process.js'

let door: OpenPaymentsDoor
let client: SigningClient

/** A new client for each test: nothing is known of its keys yet. */
beforeEach(async () => {
  client = await SigningClient.start()
})
afterEach(() => client.close())

/** The status and description of the answer to a client whose wallet address is this one. */
async function knock(walletAddress = client.walletAddress): Promise<string> {
  const token = door.issue({ client: walletAddress })
  const body = JSON.stringify({ walletAddress: door.alice.mine.address })
  const response = await client.call(`${door.base()}/incoming-payments`, { method: 'POST', token, body })
  return response.status === 201 ? '201' : `${response.status} ${(await refusal(response)).description}`
}

describe('keys at a wallet address', () => {
  beforeAll(async () => {
    door = await openDoor()
  })
  afterAll(() => door?.close())

  const answering = (status: number, body: string, headers?: Record<string, string>) => {
    client.keysAnswer = () => ({ status, body, headers })
    return knock()
  }
  const keySet = (...keys: unknown[]) => JSON.stringify({ keys })

  it('are found among others of kinds that are not used here', async () => {
    const rsa = { kid: 'rsa', kty: 'RSA', n: 'AQAB', e: 'AQAB' }
    expect(
      await answering(200, keySet(rsa, { kid: client.keyId, kty: 'OKP', crv: 'X25519', x: 'AA' }, client.jwk)),
    ).toBe('201')
  })

  it('of another kind, or none, are no keys', async () => {
    const none = `401 Signature validation error: sig1: the client has no key "${client.keyId}"`
    expect(await answering(200, keySet())).toBe(none)
  })

  it.each([
    ['are not there', 404, '{}', 'the answer has the status 404'],
    ['have moved', 302, '', 'the answer has the status 302'],
    ['are not JSON', 200, '<html>', 'is not valid JSON'],
    ['are of another form', 200, '{"key":1}', 'keys'],
    ['are endless', 200, 'x'.repeat(100_000), ''],
  ])('that %s are refused', async (_, status, body, why) => {
    const headers = status === 302 ? { location: `${client.walletAddress}/elsewhere` } : undefined
    const answer = await answering(status, body, headers)
    expect(answer).toContain(`401 Signature validation error: sig1: the client's keys could not be read at`)
    expect(answer).toContain(why)
    expect(client.keysAsked).toBe(1)
  })

  it('are waited for three seconds, by many at a time only once', timed, async () => {
    client.keysAnswer = undefined
    const startMs = performance.now()
    const answers = await Promise.all([knock(), knock(), knock()])
    for (const answer of answers) expect(answer).toContain("401 Signature validation error: sig1: the client's keys")
    expect(performance.now() - startMs).toBeLessThan(6_000)
    expect(client.keysAsked).toBe(1)
  })

  it.each(['ftp://shop.example/a', 'https://user:pass@shop.example/a', 'https://shop.example/a?b=c', 'urn:client'])(
    'are not looked for at %s',
    async (walletAddress) => expect(await knock(walletAddress)).toContain('is not a public https URL'),
  )
})

describe('keys at a wallet address, of a node that is not its developer’s', () => {
  beforeAll(async () => {
    door = await openDoor({ OPEN_PAYMENTS_ALLOW_LOCAL_CLIENTS: 'false' })
  })
  afterAll(() => door?.close())

  it('are fetched over https only', async () => {
    expect(await knock()).toContain(`401 Signature validation error: sig1: the client's wallet address`)
    expect(await knock()).toContain('is not a public https URL')
    expect(client.keysAsked).toBe(0)
  })

  it.each(['https://127.0.0.1/a', 'https://[::1]/a', 'https://169.254.169.254/a', 'https://0x7f000001/a'])(
    'are not looked for at %s',
    async (walletAddress) => expect(await knock(walletAddress)).toContain('is not a public https URL'),
  )

  it('are not looked for on this machine by a name of it', async () => {
    expect(await knock('https://localhost/shop')).toContain('localhost is not on the public internet')
  })

  it('in the grant itself need no fetching', async () => {
    const token = door.issue({ client: { jwk: client.jwk } })
    const body = JSON.stringify({ walletAddress: door.alice.mine.address })
    const response = await client.call(`${door.base()}/incoming-payments`, { method: 'POST', token, body })
    expect(response.status).toBe(201)
  })
})
