import { randomUUID } from 'node:crypto'
import { isUuid, type TenantScope, violatedConstraint } from '@kivuko/assets'
import { type DataSource, type Db, DomainError, type Page, type PageRequest, readPagesOf } from '@kivuko/platform'
import { checkJwk, type Jwk, jwkOf } from './jwk.js'
import { WalletAddressKey } from './wallet-address-key.entity.js'
import { lockWalletAddress } from './wallet-addresses.queries.js'
import type { WalletAddressesService } from './wallet-addresses.service.js'

/** A client rotates its keys; it does not collect them. Every signature check may fetch them all. */
const MAX_KEYS = 100

/** The keys that clients are known by: `GET <wallet address>/jwks.json`. */
export class WalletAddressKeysService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly walletAddresses: WalletAddressesService,
  ) {}

  async create(tenantId: TenantScope, walletAddressId: string, jwk: Pick<Jwk, 'kid' | 'x'>): Promise<WalletAddressKey> {
    checkJwk(jwk)
    await this.walletAddresses.get(tenantId, walletAddressId)
    const id = randomUUID()
    const writing = this.dataSource.transaction(async (db) => {
      // Holds the wallet address, so that many at once cannot pass the limit together.
      await lockWalletAddress(db, walletAddressId)
      await checkRoom(db, walletAddressId)
      await db.insert(WalletAddressKey, { id, walletAddressId, kid: jwk.kid, x: jwk.x, revoked: false })
    })
    await writing.catch((error: unknown) => {
      throw violatedConstraint(error) === 'wallet_address_keys_kid' ? duplicateKey(jwk.kid) : error
    })
    return this.dataSource.manager.findOneByOrFail(WalletAddressKey, { id })
  }

  /** A repeat changes nothing and answers the same. */
  async revoke(tenantId: TenantScope, id: string): Promise<WalletAddressKey> {
    const key = isUuid(id) ? await this.dataSource.manager.findOneBy(WalletAddressKey, { id }) : null
    if (key === null) throw unknownKey(id)
    await this.walletAddresses.get(tenantId, key.walletAddressId).catch(() => {
      throw unknownKey(id)
    })
    await this.dataSource.manager.update(WalletAddressKey, { id }, { revoked: true })
    return { ...key, revoked: true }
  }

  /** Revoked ones too. */
  listOf(
    walletAddressIds: readonly string[],
    page: PageRequest = {},
  ): Promise<ReadonlyMap<string, Page<WalletAddressKey>>> {
    const query = this.dataSource.manager.createQueryBuilder(WalletAddressKey, 'wallet_address_key')
    return readPagesOf(query, 'walletAddressId', walletAddressIds, page)
  }

  /** Those that hold, oldest first. */
  async jwks(walletAddressId: string): Promise<Jwk[]> {
    const keys = await this.dataSource.manager.find(WalletAddressKey, {
      where: { walletAddressId, revoked: false },
      order: { createdAt: 'ASC', id: 'ASC' },
      take: MAX_KEYS,
    })
    return keys.map(jwkOf)
  }
}

async function checkRoom(db: Db, walletAddressId: string): Promise<void> {
  const count = await db.countBy(WalletAddressKey, { walletAddressId, revoked: false })
  if (count < MAX_KEYS) return
  throw new DomainError(
    'invalid',
    'TooManyKeys',
    `A wallet address has at most ${MAX_KEYS} keys; revoke those not used`,
  )
}

function duplicateKey(kid: string): DomainError {
  const message = `The wallet address has a key with kid "${kid.slice(0, 64)}" already; revoke it first or take another kid`
  return new DomainError('duplicate', 'DuplicateKey', message)
}

function unknownKey(id: string): DomainError {
  return new DomainError(
    'not-found',
    'UnknownWalletAddressKey',
    `No wallet address key has the id "${id.slice(0, 64)}"`,
  )
}
