import type { PageRequest } from '@kivuko/platform'

/** The arguments of a paged field, as GraphQL has typed them. */
export type PageArguments = PageRequest

/** Those of a list that the operator may narrow to one tenant. */
export interface ListArguments extends PageRequest {
  readonly tenantId?: string | null
}
