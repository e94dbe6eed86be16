import { randomBytes } from 'node:crypto'
import { StreamServer } from '@interledger/stream-receiver'
import { type LocalDestination, LocalReceiver } from '@kivuko/connector'
import { fulfill, isIlpErrorCode, type Prepare, type Reply, reject } from '@kivuko/ilp'

/** Takes whatever STREAM money comes to the addresses it has given out, through @interledger/stream-receiver. */
export class StreamTestReceiver extends LocalReceiver {
  /** The codes of its rejects, in their order. */
  readonly codes: string[] = []
  private readonly server: StreamServer
  private readonly destinations = new Map<string, LocalDestination>()

  constructor(
    serverAddress: string,
    private readonly probeAnswer: 'F05' | 'F99',
  ) {
    super()
    this.server = new StreamServer({ serverSecret: randomBytes(32), serverAddress })
  }

  open(destination: LocalDestination): { readonly ilpAddress: string; readonly sharedSecret: Buffer } {
    this.destinations.set(destination.id, destination)
    return this.server.generateCredentials({ paymentTag: destination.id, asset: destination.asset })
  }

  find(destination: string): LocalDestination | undefined {
    return this.destinations.get(this.server.decodePaymentTag(destination) ?? '')
  }

  async receive({ amount, ...prepare }: Prepare): Promise<Reply> {
    const answer = this.server.createReply({ ...prepare, amount: amount.toString() })
    const reply = 'accept' in answer ? answer.accept() : answer
    if ('fulfillment' in reply) return fulfill(reply.fulfillment, reply.data)
    // Up to alpha.3 the receiver answered F99 where it now says F05 (a probe) or F04 (too little).
    const code = reply.code === 'F05' || reply.code === 'F04' ? this.probeAnswer : reply.code
    this.codes.push(code)
    return reject(isIlpErrorCode(code) ? code : 'F00', reply.triggeredBy, reply.message, reply.data)
  }

  async announce(): Promise<undefined> {
    return undefined
  }

  async credited(): Promise<void> {}

  released(): void {}
}
