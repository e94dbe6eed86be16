import type { DifferenceKind } from '@kivuko/connector'
import { type DataSource, type Page, type PageRequest, readPage, readPagesOf } from '@kivuko/platform'
import { ListedBookDifference } from './listed-book-difference.entity.js'

export const differenceStates = ['OPEN', 'CLOSED'] as const

export type DifferenceState = (typeof differenceStates)[number]

/** Which differences to list; what is left out does not narrow. */
export interface DifferenceFilter {
  readonly kinds?: readonly DifferenceKind[]
  readonly states?: readonly DifferenceState[]
  readonly peerIds?: readonly string[]
  readonly paymentIds?: readonly string[]
}

/** Differences to the books of peers, open and closed, as they were noted. */
export class DifferenceList {
  constructor(private readonly dataSource: DataSource) {}

  list(
    tenantId: string | undefined,
    filter: DifferenceFilter,
    page: PageRequest = {},
  ): Promise<Page<ListedBookDifference>> {
    const { kinds, states, peerIds, paymentIds } = filter
    const query = this.rows()
    if (kinds) query.andWhere('difference.kind = any(:kinds)', { kinds })
    if (states && !states.includes('CLOSED')) query.andWhere('difference.closedAt is null')
    if (states && !states.includes('OPEN')) query.andWhere('difference.closedAt is not null')
    if (peerIds) query.andWhere('difference.peerId = any(:peerIds)', { peerIds })
    if (paymentIds) query.andWhere('difference.paymentId = any(:paymentIds)', { paymentIds })
    return readPage(query, page, { tenantId })
  }

  /** The open ones of several peers, or of several payments: two statements, however many they are. */
  openOf(
    whose: 'peerId' | 'paymentId',
    ids: readonly string[],
    page: PageRequest = {},
  ): Promise<ReadonlyMap<string, Page<ListedBookDifference>>> {
    return readPagesOf(this.rows().where('difference.closedAt is null'), whose, ids, page)
  }

  private rows() {
    return this.dataSource.manager.createQueryBuilder(ListedBookDifference, 'difference')
  }
}
