import { type Dictionary, type InnerList, isInnerList, parseDictionary } from 'structured-headers'
import type { Fields } from './received-request.js'
import { SignatureRefused } from './signature-refused.js'

/** One signature of a message: what it says it covers, and its bytes. */
export interface LabelledSignature {
  readonly label: string
  readonly input: InnerList
  readonly signature: Buffer
}

// Each may cost the lookup of a key.
const MAX_SIGNATURES = 4

/** Every signature in the message's Signature-Input and Signature headers (RFC 9421 §4). */
export function labelledSignatures(fields: Fields): LabelledSignature[] {
  const inputs = readDictionary(fields, 'signature-input')
  const signatures = readDictionary(fields, 'signature')
  if (inputs.size > MAX_SIGNATURES) throw new SignatureRefused(`there are more than ${MAX_SIGNATURES} signatures`)
  return [...inputs].map(([label, input]) => {
    if (!isInnerList(input)) throw new SignatureRefused(`signature-input "${label}" is not a list of components`)
    const [signature] = signatures.get(label) ?? []
    if (!(signature instanceof ArrayBuffer)) throw new SignatureRefused(`there is no signature "${label}"`)
    return { label, input, signature: Buffer.from(signature) }
  })
}

function readDictionary(fields: Fields, name: 'signature' | 'signature-input'): Dictionary {
  const values = fields[name]
  if (values === undefined) throw new SignatureRefused(`the header ${name} is missing`)
  const text = values.join(', ')
  const repeated = firstRepeated(labelsIn(text))
  if (repeated !== undefined) throw new SignatureRefused(`${name} has the label "${repeated}" more than once`)
  try {
    return parseDictionary(text)
  } catch {
    throw new SignatureRefused(`the header ${name} cannot be read; send it as RFC 9421 §4 says`)
  }
}

/** The labels in a dictionary's text: a parser keeps only the last of two that are alike. */
function labelsIn(dictionary: string): string[] {
  const withoutValues = dictionary
    .replace(/"(?:[^"\\]|\\.)*"/g, '')
    .replace(/\([^)]*\)/g, '')
    .replace(/:[^:]*:/g, '')
  return withoutValues.split(',').map((member) => member.split(/[=;]/)[0]?.trim() ?? '')
}

function firstRepeated(labels: readonly string[]): string | undefined {
  return labels.find((label, index) => labels.indexOf(label) !== index)
}
