import type { Clock } from '@kivuko/platform'
import { AdminClient } from '../admin/admin-client.js'
import { BookReader } from '../admin/books.js'
import { Operator } from '../admin/operator.js'
import { Progress } from '../admin/progress.js'
import type { RunningInstitution } from '../network/network.js'
import { BankClient } from './bank-client.js'

/** One of the two institutions with everything the story asks of it, all over its public doors. */
export interface Side {
  readonly institution: RunningInstitution
  readonly bank: BankClient
  readonly operator: Operator
  readonly books: BookReader
  readonly progress: Progress
}

export function sideOf(institution: RunningInstitution, clock: Clock): Side {
  const { adminUrl: url, adminSecret: secret, tenantId, bankUrl } = institution
  const admin = new AdminClient({ url, secret, tenantId }, clock)
  return {
    institution,
    bank: new BankClient(bankUrl),
    operator: new Operator(admin),
    books: new BookReader(admin),
    progress: new Progress(admin),
  }
}
