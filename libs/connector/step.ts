import type { Reply } from '@kivuko/ilp'
import type { Packet } from './packet.js'

/** Answers a packet. A refusal is a returned reject; a throw is a bug. */
export type Handler = (packet: Packet) => Promise<Reply>

/** One rule of the pipeline: answers itself, or asks the next one and may look at its answer. */
export type Step = (next: Handler) => Handler

/** A throw of `next` as a rejection, for who has something to undo: it then has one way of failing to look at. */
export function rejecting(next: Handler): Handler {
  return (packet) => {
    try {
      return next(packet)
    } catch (error) {
      return Promise.reject(error)
    }
  }
}

/** The first step is the outermost. */
export function fold(steps: readonly Step[], last: Handler): Handler {
  return steps.reduceRight((next, step) => step(next), last)
}
