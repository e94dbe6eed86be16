import { AssetsService } from '@kivuko/assets'
import { DifferenceClosing, DifferenceList, differenceStates, type ListedBookDifference } from '@kivuko/reports'
import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql'
import { type Caller, listedFor, visibleTo } from '../callers/caller.js'
import { uuid } from '../inputs/fields.js'
import { parseInput } from '../inputs/parse-input.js'
import { connectionOf } from '../pages/connection.js'
import { chosenAmong, emptyPage, type Filtered, wantedOnly } from '../pages/filters.js'
import type { ListArguments } from '../pages/list-arguments.js'
import { CloseBookDifference } from './book-difference.inputs.js'
import { bookDifferenceView, kindsByName } from './book-difference.view.js'

type Filters = Filtered<'peerId' | 'paymentId' | 'kind' | 'state'>

@Resolver()
export class BookDifferencesResolver {
  constructor(
    private readonly differences: DifferenceList,
    private readonly closing: DifferenceClosing,
    private readonly assets: AssetsService,
  ) {}

  @Query()
  async bookDifferences(
    @Args() { tenantId, filter, ...page }: ListArguments & Filters,
    @Context('caller') caller: Caller,
  ) {
    const tenant = listedFor(caller, tenantId)
    const states = chosenAmong('state', differenceStates, filter?.state)
    const kindNames = chosenAmong('kind', [...kindsByName.keys()], filter?.kind)
    const kinds = kindNames.flatMap((name) => kindsByName.get(name) ?? [])
    const peerIds = wantedOnly('peerId', filter?.peerId, uuid)
    const paymentIds = wantedOnly('paymentId', filter?.paymentId, uuid)
    const isEmpty = [states, kinds, peerIds, paymentIds].some((chosen) => chosen?.length === 0)
    const scope = { states, kinds, peerIds, paymentIds }
    const found = isEmpty ? emptyPage : await this.differences.list(tenant, scope, page)
    return connectionOf(found, (row) => this.view(row))
  }

  @Mutation()
  async closeBookDifference(@Args('input') unchecked: unknown, @Context('caller') caller: Caller) {
    const closure = parseInput(CloseBookDifference, unchecked)
    const closed = { ...closure, tenantId: visibleTo(caller), closedBy: caller.tenantId }
    return { bookDifference: this.view(await this.closing.close(closed)) }
  }

  private view(row: ListedBookDifference) {
    return bookDifferenceView(row, this.assets)
  }
}
