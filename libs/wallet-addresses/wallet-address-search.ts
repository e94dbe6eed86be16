import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Clock, DataSource } from '@kivuko/platform'
import type { TenantsService } from '@kivuko/tenants'
import type { WebhooksService } from '@kivuko/webhooks'
import { lookupForm, resolveAddress } from './address-url.js'
import type { WalletAddress } from './wallet-address.js'
import type { WalletAddressesService } from './wallet-addresses.service.js'

export interface WalletAddressSearchParts {
  readonly walletAddresses: WalletAddressesService
  readonly tenants: TenantsService
  readonly webhooks: WebhooksService
  readonly dataSource: DataSource
  readonly clock: Clock
  readonly allowHttp: boolean
  /** How long, and how often, to look again for an address that the operator may make when it hears of it. */
  readonly polling?: { readonly timeoutMs: number; readonly frequencyMs: number }
}

// Anyone may ask for anything: an address is told of once in a minute, and no more than so many in it by one process.
const TOLD_ONCE_IN_MS = 60_000
const MAX_TOLD = 120
const MAX_POLLS = 100

/** Finds wallet addresses for strangers, and tells the operator which of its own it was asked for and does not have. */
export class WalletAddressSearch {
  private windowStart = 0
  private told = 0
  private polls = 0

  constructor(private readonly parts: WalletAddressSearchParts) {}

  async find(url: string): Promise<WalletAddress | undefined> {
    const found = await this.parts.walletAddresses.byUrl(url)
    if (found !== undefined) return found
    const address = lookupForm(url)
    const tenantId = address === undefined ? undefined : this.ownerOf(address)
    if (address === undefined || tenantId === undefined) return undefined
    await this.tell(tenantId, address)
    return this.poll(address)
  }

  /** The tenant whose addresses start like this one, if it could be one at all. */
  private ownerOf(address: string): string | undefined {
    let owner: string | undefined
    let longest = 0
    for (const { id, settings } of this.parts.tenants.all()) {
      const base = settings.walletAddressUrl
      if (base === undefined || base.length <= longest || !this.isBelow(address, base)) continue
      owner = id
      longest = base.length
    }
    return owner
  }

  private isBelow(address: string, baseUrl: string): boolean {
    if (!address.startsWith(`${baseUrl.toLowerCase().replace(/\/$/, '')}/`)) return false
    try {
      return resolveAddress(address, { baseUrl, allowHttp: this.parts.allowHttp }) === address
    } catch {
      return false
    }
  }

  private async tell(tenantId: string, walletAddressUrl: string): Promise<void> {
    const { dataSource, webhooks, clock } = this.parts
    const window = Math.floor(clock.nowMs() / TOLD_ONCE_IN_MS)
    if (window !== this.windowStart) {
      this.windowStart = window
      this.told = 0
    }
    this.told += 1
    if (this.told > MAX_TOLD) return
    const notice = { tenantId, type: 'wallet_address.not_found', data: { walletAddressUrl } } as const
    const id = eventId(walletAddressUrl, window)
    await webhooks.record(dataSource.manager, { ...notice, id, resource: walletAddressUrl })
    await webhooks.ring()
  }

  private async poll(address: string): Promise<WalletAddress | undefined> {
    const { polling, walletAddresses, clock } = this.parts
    if (polling === undefined || this.polls >= MAX_POLLS) return undefined
    const deadlineMs = clock.nowMs() + polling.timeoutMs
    this.polls += 1
    try {
      while (clock.nowMs() < deadlineMs) {
        await wait(polling.frequencyMs)
        const found = await walletAddresses.byUrl(address)
        if (found !== undefined) return found
      }
      return undefined
    } finally {
      this.polls -= 1
    }
  }
}

/** The same in every process, so that one address in one minute is one event. RFC 9562: a UUID of version 8. */
function eventId(address: string, window: number): string {
  const hex = createHash('sha256').update(`wallet_address.not_found ${window} ${address}`).digest('hex')
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)]
  return parts.join('-')
}
