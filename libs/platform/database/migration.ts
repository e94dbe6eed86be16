/** One step of the schema. Ids sort over all rooms ('0010-tenants'); an applied step never changes. */
export interface Migration {
  readonly id: string
  readonly sql: string
}
