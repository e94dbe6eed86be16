/** Read-only all the way down, as the types say; buffers stay as they are, because their bytes cannot be frozen. */
export type DeepReadonly<Value> = Value extends Buffer | bigint | string | number | boolean | undefined
  ? Value
  : { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }

/** Freezes a value and everything in it. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value
  for (const inner of Object.values(value)) deepFreeze(inner)
  return Object.freeze(value)
}
