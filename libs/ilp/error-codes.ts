type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9'

/** F: final; T: temporary, try later; R: relative, try with other values. Codes outside the table below travel too. */
export type IlpErrorCode = `${'F' | 'T' | 'R'}${Digit}${Digit}`

/** RFC 27, error codes. */
export const errorNames: Readonly<Partial<Record<IlpErrorCode, string>>> = {
  F00: 'Bad Request',
  F01: 'Invalid Packet',
  F02: 'Unreachable',
  F03: 'Invalid Amount',
  F04: 'Insufficient Destination Amount',
  F05: 'Wrong Condition',
  F06: 'Unexpected Payment',
  F07: 'Cannot Receive',
  F08: 'Amount Too Large',
  F99: 'Application Error',
  T00: 'Internal Error',
  T01: 'Peer Unreachable',
  T02: 'Peer Busy',
  T03: 'Connector Busy',
  T04: 'Insufficient Liquidity',
  T05: 'Rate Limited',
  T99: 'Application Error',
  R00: 'Transfer Timed Out',
  R01: 'Insufficient Source Amount',
  R02: 'Insufficient Timeout',
  R99: 'Application Error',
}

const CODE = /^[FTR][0-9][0-9]$/

export function isIlpErrorCode(text: string): text is IlpErrorCode {
  return CODE.test(text)
}
