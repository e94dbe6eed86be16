import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import { OUTBOUND_FIELDS } from './outbound-fields.js'
import { rowsAtMost } from './rows-at-most.js'

/**
 * The worst an operation can ask for: levels of fields, fields answered when every list is as long as it may be, and how many
 * of these call other servers.
 */
export interface Measure {
  readonly depth: number
  readonly fields: number
  readonly outboundFields: number
}

type ParentType = GraphQLNamedType | undefined | null

const NOTHING: Measure = { depth: 0, fields: 0, outboundFields: 0 }

/** Measures the operations of one document. The inside of introspection is not counted: it is small and never grows. */
export class DocumentMeasure {
  private readonly fragments = new Map<string, FragmentDefinitionNode>()
  // Each fragment is measured once, so that fragments within fragments cannot make the measuring itself endless.
  private readonly measured = new Map<string, Measure>()

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly document: DocumentNode,
  ) {
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.fragments.set(definition.name.value, definition)
    }
  }

  operations(): Measure[] {
    return this.document.definitions
      .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
      .map(({ operation, selectionSet }) => this.selections(selectionSet, this.schema.getRootType(operation)))
  }

  private selections({ selections }: SelectionSetNode, parent: ParentType): Measure {
    return selections.map((selection) => this.selection(selection, parent)).reduce(sumOf, NOTHING)
  }

  private selection(selection: SelectionNode, parent: ParentType): Measure {
    if (selection.kind === Kind.FIELD) return this.field(selection, parent)
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.fragment(selection.name.value)
    const condition = selection.typeCondition?.name.value
    return this.selections(selection.selectionSet, condition ? this.schema.getType(condition) : parent)
  }

  private field({ name, selectionSet, arguments: given = [] }: FieldNode, parent: ParentType): Measure {
    const outbound = OUTBOUND_FIELDS.has(`${parent?.name}.${name.value}`) ? 1 : 0
    if (selectionSet === undefined || name.value.startsWith('__'))
      return { depth: 1, fields: 1, outboundFields: outbound }
    const definition = fieldOf(parent, name.value)
    const inner = this.selections(selectionSet, definition && getNamedType(definition.type))
    const rows = definition ? rowsAtMost(definition, given) : 1
    return {
      depth: inner.depth + 1,
      fields: 1 + inner.fields * rows,
      outboundFields: outbound + inner.outboundFields * rows,
    }
  }

  private fragment(name: string): Measure {
    const known = this.measured.get(name)
    if (known !== undefined) return known
    // Stands in while its own inside is measured: a fragment within itself is refused by another rule.
    this.measured.set(name, NOTHING)
    const fragment = this.fragments.get(name)
    const type = fragment && this.schema.getType(fragment.typeCondition.name.value)
    const measure = fragment ? this.selections(fragment.selectionSet, type) : NOTHING
    this.measured.set(name, measure)
    return measure
  }
}

function sumOf(sum: Measure, part: Measure): Measure {
  return {
    depth: Math.max(sum.depth, part.depth),
    fields: sum.fields + part.fields,
    outboundFields: sum.outboundFields + part.outboundFields,
  }
}

type Definition = GraphQLField<unknown, unknown>

function fieldOf(parent: ParentType, name: string): Definition | undefined {
  return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined
}
