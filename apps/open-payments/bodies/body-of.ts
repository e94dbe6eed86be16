import { z } from 'zod'

/** A JSON object with these members and no others. */
export function bodyOf<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `has unknown members: ${issue.keys.join(', ')}` : 'must be a JSON object',
  })
}
