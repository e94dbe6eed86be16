import { Controller, Get, Header, type Type } from '@nestjs/common'
import { Anonymous } from '../access/requirement.js'

/** `<WALLET_ADDRESS_URL>/jwks.json`: how other nodes check what this one signs as their client. */
export function nodeKeysController(walletAddressUrl: string, jwk: object): Type {
  @Controller(new URL(walletAddressUrl).pathname)
  class NodeKeysController {
    // A new key is told a minute before it signs, at the latest.
    @Get('jwks.json')
    @Anonymous()
    @Header('Access-Control-Allow-Origin', '*')
    @Header('Cache-Control', 'public, max-age=60')
    read() {
      return { keys: [jwk] }
    }
  }
  return NodeKeysController
}
