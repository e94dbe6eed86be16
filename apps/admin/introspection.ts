import type { Config } from '@kivuko/platform'
import { NoSchemaIntrospectionCustomRule, type ValidationRule } from 'graphql'

/** In production the schema is not told, only answered by. */
export function introspectionRules({ nodeEnv }: Pick<Config, 'nodeEnv'>): ValidationRule[] {
  return nodeEnv === 'production' ? [NoSchemaIntrospectionCustomRule] : []
}
