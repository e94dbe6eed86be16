import type { DifferenceKind } from '@kivuko/connector'

/** What a kind of difference means to an operator, and what to ask whom. */
export interface DifferenceText {
  readonly meaning: string
  readonly advice: string
}

const ASK_NEXT_HOP = 'ask the peer whether it charged this node for these packets'

export const differenceTexts: Readonly<Record<DifferenceKind, DifferenceText>> = {
  unanswered: {
    meaning: 'noted by an earlier version: the peer never answered, and the source is not charged',
    advice: ASK_NEXT_HOP,
  },
  released: {
    meaning: 'the peer never answered; the source was refused with R00 and is not charged',
    advice: ASK_NEXT_HOP,
  },
  abandoned: {
    meaning: 'the process that had sent them ended before their answer; the source is not charged',
    advice: ASK_NEXT_HOP,
  },
  'fulfilled-late': {
    meaning: 'the peer fulfilled them after the source had been refused: it charges this node, which charges nobody',
    advice: 'ask the peer whether it takes the charge back; if not, it is owed the amount',
  },
  'answer-gone': {
    meaning:
      'charged, and asked for again when the fulfillment was not kept any more: the source may count them as lost',
    advice: 'ask the peer that sent them whether it counts them as paid; if not, decide with it who bears the amount',
  },
  shortfall: {
    meaning:
      "charged after their reservation had ended, when the source had too little: the asset's shortfall account paid the amount",
    advice: 'ask the peer that sent them for the amount',
  },
  'beyond-maximum': {
    meaning: "the peer's account had no room for them: the amount is in the asset's shortfall account instead",
    advice: 'the peer counts the amount as its own: settle it with the peer',
  },
  doubtful: {
    meaning:
      "packets of own payments; their receiver's total does not tell for certain which arrived, the likeliest were charged",
    advice: 'ask the peer which of these packets it charged',
  },
}

/** Every kind, in the order of the list of their meanings. */
export const differenceKinds = [
  'unanswered',
  'released',
  'abandoned',
  'fulfilled-late',
  'answer-gone',
  'shortfall',
  'beyond-maximum',
  'doubtful',
] as const satisfies readonly DifferenceKind[]
