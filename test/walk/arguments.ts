import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql'
import type { Args, Operation } from './admin-operations.js'
import { type Rule, rulesByName, rulesByPath } from './rules.js'
import type { TenantWorld } from './tenant-world.js'

/** Whose objects the arguments name: the caller's, but for these paths another's. */
export interface Ownership {
  readonly caller: TenantWorld
  readonly other?: TenantWorld
  /** Paths of objects that are the other's; left out: all of them. */
  readonly foreign?: readonly string[]
  /** Optional paths that are given too. */
  readonly with?: readonly string[]
}

type Given = GraphQLArgument | GraphQLInputField

// An optional argument of such a name may name an object, and must have a rule that says which.
const MAY_NAME_AN_OBJECT = /ids?$|url$|address$|^after$|^before$|^destination$/i

/** Plain values that say nothing of anybody. */
const scalars: Readonly<Record<string, unknown>> = { Boolean: true, Int: 1, UInt8: 2, UInt64: '1' }

/** The paths of an operation's arguments that name a tenant's objects. An argument that nobody thought of fails by name. */
export function objectsIn({ name, field }: Operation): { readonly path: string; readonly optional: boolean }[] {
  const found: { path: string; optional: boolean }[] = []
  for (const { path, rule, optional } of rulesIn(name, '', field.args, false)) {
    if (rule?.of === 'object') found.push({ path, optional: optional && rule.always !== true })
  }
  return found
}

interface Ruled {
  readonly path: string
  readonly rule: Rule | undefined
  readonly optional: boolean
}

function rulesIn(operation: string, above: string, given: readonly Given[], aboveIsOptional: boolean): Ruled[] {
  return given.flatMap((each) => {
    const path = `${above}${each.name}`
    const optional = aboveIsOptional || !isRequired(each)
    const rule = ruleOf(operation, path, each, !optional)
    const inner = fieldsOf(each.type)
    if (rule !== undefined || inner === undefined) return [{ path, rule, optional }]
    return rulesIn(operation, `${path}.`, inner, optional)
  })
}

function ruleOf(operation: string, path: string, given: Given, isNeeded: boolean): Rule | undefined {
  const rule = rulesByPath[`${operation}.${path}`] ?? rulesByName[given.name]
  const inner = fieldsOf(given.type)
  if (rule !== undefined || inner !== undefined) return rule
  if (isNeeded ? isText(given.type) : MAY_NAME_AN_OBJECT.test(given.name)) {
    throw new Error(`the walk has no value for ${operation}(${path}: ${given.type}): add it to test/walk/rules.ts`)
  }
  return undefined
}

/** The arguments of one call. */
export async function argumentsOf({ name, field }: Operation, ownership: Ownership): Promise<Args> {
  return fill(name, '', field.args, ownership)
}

async function fill(
  operation: string,
  above: string,
  given: readonly Given[],
  ownership: Ownership,
): Promise<Record<string, unknown>> {
  const filled: Record<string, unknown> = {}
  for (const each of given) {
    const path = `${above}${each.name}`
    const rule = ruleOf(operation, path, each, isRequired(each))
    if (!isWanted(each, path, rule, ownership)) continue
    const made = rule ? await valueBy(rule, path, ownership) : await plainValue(operation, path, each.type, ownership)
    filled[each.name] = inItsForm(made, each.type)
  }
  return filled
}

function isWanted(given: Given, path: string, rule: Rule | undefined, ownership: Ownership): boolean {
  if (rule?.of === 'nothing') return false
  if (isRequired(given) || rule?.always) return true
  return ownership.with?.some((wanted) => wanted === path || wanted.startsWith(`${path}.`)) ?? false
}

async function valueBy(rule: Rule, path: string, { caller, other, foreign }: Ownership): Promise<unknown> {
  if (rule.of === 'nothing') return undefined
  const isForeign = other !== undefined && (foreign === undefined || foreign.includes(path))
  return rule.make(rule.of === 'object' && isForeign ? other : caller)
}

async function plainValue(
  operation: string,
  path: string,
  type: GraphQLInputType,
  ownership: Ownership,
): Promise<unknown> {
  const inner = fieldsOf(type)
  if (inner !== undefined) return fill(operation, `${path}.`, inner, ownership)
  const named = innermost(type)
  return isEnumType(named) ? named.getValues()[0]?.name : scalars[named.name]
}

/** A list holds the one value; a filter wants the one value. */
function inItsForm(made: unknown, type: GraphQLInputType): unknown {
  const nullable = getNullableType(type)
  if (isListType(nullable) && !Array.isArray(made)) return [made]
  return isFilter(nullable) ? { in: [made] } : made
}

function fieldsOf(type: GraphQLInputType): GraphQLInputField[] | undefined {
  const named = innermost(type)
  return isInputObjectType(named) && !isFilter(named) ? Object.values(named.getFields()) : undefined
}

function isFilter(type: unknown): boolean {
  return isInputObjectType(type) && type.name === 'FilterString'
}

function isText(type: GraphQLInputType): boolean {
  const named = innermost(type)
  return !isEnumType(named) && !(named.name in scalars)
}

function innermost(type: GraphQLInputType) {
  let inner = getNullableType(type)
  while (isListType(inner)) inner = getNullableType(inner.ofType)
  return inner
}

function isRequired({ type, defaultValue }: Given): boolean {
  return isNonNullType(type) && defaultValue === undefined
}
