import type { Db } from '@kivuko/platform'

/** What a token is for: one action on the incoming payments behind one authorization server. */
export interface TokenPurpose {
  readonly authServer: string
  readonly action: 'create' | 'read-all' | 'complete'
}

/** A token as it is kept; `sealedToken` is new with every token, and so tells two of them apart. */
export interface KeptToken {
  readonly sealedToken: string
  /** Where it is rotated. */
  readonly manageUrl: string
  /** Null: until it is revoked. */
  readonly expiresAt: Date | null
}

interface TokenRow {
  readonly sealed_token: string
  readonly manage_url: string
  readonly expires_at: Date | null
}

export async function findToken(db: Db, { authServer, action }: TokenPurpose): Promise<KeptToken | undefined> {
  const [row]: TokenRow[] = await db.query(
    'select sealed_token, manage_url, expires_at from remote_tokens where auth_server = $1 and action = $2',
    [authServer, action],
  )
  return row && { sealedToken: row.sealed_token, manageUrl: row.manage_url, expiresAt: row.expires_at }
}

// A server that was not asked in this time will be asked for a new grant.
const UNUSED_DAYS = 90

/** The last one kept counts: both of two processes that ask at once have a token that holds. Old ones go. */
export async function keepToken(
  db: Db,
  { authServer, action }: TokenPurpose,
  { sealedToken, manageUrl, expiresAt }: KeptToken,
  now: Date,
): Promise<void> {
  await db.query(
    `with forgotten as (delete from remote_tokens where updated_at < $6::timestamptz - make_interval(days => $7))
     insert into remote_tokens (auth_server, action, sealed_token, manage_url, expires_at, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $6::timestamptz)
     on conflict (auth_server, action) do update set sealed_token = excluded.sealed_token,
       manage_url = excluded.manage_url, expires_at = excluded.expires_at, updated_at = excluded.updated_at`,
    [authServer, action, sealedToken, manageUrl, expiresAt, now, UNUSED_DAYS],
  )
}

/** Forgets this very token: one that another process got meanwhile stays. */
export async function dropToken(
  db: Db,
  { authServer, action }: TokenPurpose,
  { sealedToken }: Pick<KeptToken, 'sealedToken'>,
): Promise<void> {
  await db.query('delete from remote_tokens where auth_server = $1 and action = $2 and sealed_token = $3', [
    authServer,
    action,
    sealedToken,
  ])
}
