import { DomainError } from '@kivuko/platform'
import { type DocumentNode, type GraphQLSchema, Location } from 'graphql'

/**
 * Mercurius also takes a query that is a syntax tree in JSON. Such a tree has passed no parser: it may lack what validation
 * relies on, and has no limit of tokens. Only what was parsed here knows its location.
 */
export async function refuseParsedDocuments(_schema: GraphQLSchema, document: DocumentNode): Promise<void> {
  if (document?.loc instanceof Location) return
  throw new DomainError('invalid', 'InvalidDocument', 'query is no GraphQL text')
}
