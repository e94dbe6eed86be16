import { GraphQLError, type ValidationRule } from 'graphql'
import { DocumentMeasure } from './measure-document.js'

/** How deep and how large one operation may be. */
export interface DocumentLimits {
  readonly depth: number
  readonly fields: number
}

// Rafiki's own depth; and six times what the largest document of its own tools asks for at full pages.
export const documentLimits: DocumentLimits = { depth: 10, fields: 20_000 }

/** A validation rule: refuses operations that are too deep or may answer too much. */
export function limitDocument({ depth, fields }: DocumentLimits): ValidationRule {
  return (context) => ({
    Document(document) {
      for (const found of new DocumentMeasure(context.getSchema(), document).operations()) {
        if (found.depth > depth) {
          context.reportError(
            new GraphQLError(`The operation is ${found.depth} levels deep, at most ${depth} are allowed; ask in parts`),
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
