import { z } from 'zod'

const errorBody = z.object({
  error: z.object({
    code: z.string(),
    description: z.string(),
    details: z.object({ explanation: z.string().optional() }).optional(),
  }),
})
const resource = z.object({ id: z.string() })
const page = z.object({ result: z.array(resource) })

/** A refusal's status, description and explanation, and who it says grants. */
export async function refusal(response: Response) {
  const { error } = errorBody.parse(await response.json())
  return {
    status: response.status,
    code: error.code,
    description: error.description,
    why: error.details?.explanation,
    grantAt: response.headers.get('www-authenticate'),
  }
}

export async function idOf(response: Response): Promise<string> {
  return resource.parse(await response.json()).id
}

export async function idsIn(response: Response): Promise<string[]> {
  return page.parse(await response.json()).result.map(({ id }) => id)
}
