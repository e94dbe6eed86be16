/** An open door: one language spoken at one address. */
export interface Door {
  readonly name: string
  /** Where it listens; a door that only works in the background has none. */
  readonly url?: string
  /** Takes no new work, answers what is in flight, then lets go. */
  close(): Promise<void>
}
