/** The payload of mutations that move money: what did not succeed is an error. */
export const success = { success: true } as const
