/** Bits of TigerBeetle's account and transfer flags (its reference, "flags"), fixed by its protocol. */
export const ACCOUNT_FLAG = { linked: 1, debitsLimited: 2, creditsLimited: 4 } as const
export const TRANSFER_FLAG = { linked: 1, pending: 2, post: 4, void: 8 } as const
export const FILTER_FLAG = { debits: 1, credits: 2, reversed: 4 } as const
export const QUERY_REVERSED = 1

/** A post's amount that stands for all that is reserved. */
export const FULL_AMOUNT = 2n ** 128n - 1n

/** Most events in one request: a server started with --development takes 32 KiB, any other thirty times as much. */
export const MAX_EVENTS = 240

/** Accounts of this adapter's own, apart from those the port knows. */
export const OWN_CODE = { room: 201, creditLine: 202, counterpart: 203 } as const

/** What a transfer is to this adapter, kept in user_data_64: reservations are found by it. */
export const KIND = { posted: 1n, reservation: 2n, end: 3n, companion: 4n, bound: 5n } as const

/** Which sides of a transfer have a companion in a room, kept in user_data_32. */
export const COMPANION = { debit: 1, credit: 2 } as const

export const NOTHING = 0n
