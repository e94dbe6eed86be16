import { getResourceServerOpenAPI, getWalletAddressServerOpenAPI } from '@interledger/open-payments'
import { HttpMethod, isValidationError, type OpenAPI } from '@interledger/openapi'
import { z } from 'zod'

/** An operation of the official files, such as `get /quotes/{id}`. */
export type Operation = `${'get' | 'post'} ${string}`

// The schema of the files, without the freedom to send more. Some operations document no 400 and no 404, and none a 409.
const errorBody = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    description: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
})
const UNDOCUMENTED_ERRORS: ReadonlySet<number> = new Set([400, 404, 409])
const METHODS = ['get', 'post'] as const

/** The official OpenAPI files, to hold answers against. It remembers what it has seen, so that nothing is left out. */
export class OfficialSpec {
  private readonly seen = new Set<string>()

  private constructor(private readonly files: readonly OpenAPI[]) {}

  static async read(): Promise<OfficialSpec> {
    return new OfficialSpec(await Promise.all([getResourceServerOpenAPI(), getWalletAddressServerOpenAPI()]))
  }

  /** `<operation> <status>` of all that the files document. */
  get documented(): string[] {
    return this.files.flatMap(({ paths }) =>
      Object.entries(paths).flatMap(([path, item]) =>
        METHODS.flatMap((method) =>
          Object.keys(item[method]?.responses ?? {}).map((status) => `${method} ${path} ${status}`),
        ),
      ),
    )
  }

  get unseen(): string[] {
    return this.documented.filter((answer) => !this.seen.has(answer))
  }

  /** The answer's body. Throws where the files do not accept it, or where it says too little of an error. */
  async check(operation: Operation, response: Response): Promise<unknown> {
    const { status } = response
    const text = await response.text()
    const body: unknown = text === '' ? null : JSON.parse(text)
    const answer = `${operation} ${status}`
    if (this.documented.includes(answer)) this.validate(operation, status, body)
    else if (!UNDOCUMENTED_ERRORS.has(status)) throw new Error(`${answer} is not documented: ${JSON.stringify(body)}`)
    // Only the wallet address server's 404 has no body.
    if (status >= 400 && body !== null) errorBody.parse(body)
    this.seen.add(answer)
    return body
  }

  private validate(operation: Operation, status: number, body: unknown): void {
    const [method, path] = splitOperation(operation)
    const file = this.files.find(({ paths }) => paths[path]?.[method] !== undefined)
    if (file === undefined) throw new Error(`${operation} is in none of the files`)
    try {
      file.createResponseValidator({ path, method })({ status, body })
    } catch (error) {
      const why = isValidationError(error) ? error.errors.map(({ message }) => message).join('; ') : String(error)
      throw new Error(`${operation} ${status}: ${why}\n${JSON.stringify(body, null, 2)}`)
    }
  }
}

function splitOperation(operation: Operation): [typeof HttpMethod.GET | typeof HttpMethod.POST, string] {
  return operation.startsWith('get ') ? [HttpMethod.GET, operation.slice(4)] : [HttpMethod.POST, operation.slice(5)]
}
