import { GraphQLError, type ValidationRule } from 'graphql'
import { DocumentMeasure } from './measure-document.js'

/** How deep and how large one operation may be, and how many of its fields may call other servers. */
export interface DocumentLimits {
  readonly depth: number
  readonly fields: number
  readonly outboundFields: number
}

// Rafiki's own depth; six times what the largest document of its own tools asks for at full pages; and a page of receivers,
// each of which is several requests to servers that the caller names.
export const documentLimits: DocumentLimits = { depth: 10, fields: 20_000, outboundFields: 20 }

/** A validation rule: refuses operations that are too deep, may answer too much or call other servers too often. */
export function limitDocument({ depth, fields, outboundFields }: DocumentLimits): ValidationRule {
  return (context) => ({
    Document(document) {
      for (const found of new DocumentMeasure(context.getSchema(), document).operations()) {
        if (found.depth > depth) {
          context.reportError(
            new GraphQLError(`The operation is ${found.depth} levels deep, at most ${depth} are allowed; ask in parts`),
          )
        }
        if (found.outboundFields > outboundFields) {
          context.reportError(
            new GraphQLError(
              `The operation has ${found.outboundFields} fields that call other servers, at most ${outboundFields} are allowed; ask in parts`,
            ),
          )
        }
        if (found.fields > fields) {
          context.reportError(
            new GraphQLError(
              `The operation may answer ${found.fields} fields, at most ${fields} are allowed; ask for shorter pages or fewer fields`,
            ),
          )
        }
      }
      return false
    },
  })
}
