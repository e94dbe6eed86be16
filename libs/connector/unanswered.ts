/**
 * Nobody knows yet whether a packet was taken. Thrown through the pipeline instead of a reply: no answer leaves that open,
 * where a reject would prove that it was not.
 */
export class Unanswered extends Error {}
