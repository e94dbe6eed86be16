import { SetMetadata } from '@nestjs/common'

/** What a route asks of the token: an access type and an action, in the specification's words. */
export interface Requirement {
  readonly type: 'incoming-payment' | 'outgoing-payment' | 'quote'
  readonly action: 'create' | 'complete' | 'read' | 'list'
  /** The route has a public view for requests without a token. */
  readonly orNoToken?: boolean
}

export const REQUIREMENT = 'open-payments:requirement'

/** Opens a route to tokens with this right. A route without a mark is open to nobody. */
export const Requires = (requirement: Requirement) => SetMetadata(REQUIREMENT, requirement)

/** Opens a route to everybody. */
export const Anonymous = () => SetMetadata(REQUIREMENT, 'anonymous')
