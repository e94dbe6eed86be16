import { hash } from 'node:crypto'

/** The condition of a fulfillment: its SHA-256. */
export function conditionOf(fulfillment: Buffer): Buffer {
  return hash('sha256', fulfillment, 'buffer')
}

export function fulfillmentMatches(condition: Buffer, fulfillment: Buffer): boolean {
  return conditionOf(fulfillment).equals(condition)
}
