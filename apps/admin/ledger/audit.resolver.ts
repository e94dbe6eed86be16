import { AuditReport, type AuditResult } from '@kivuko/reports'
import { Context, Query, Resolver } from '@nestjs/graphql'
import type { Caller } from '../callers/caller.js'
import { requireOperator } from '../callers/operator-only.js'
import { auditView } from './audit.view.js'

@Resolver()
export class AuditResolver {
  private running: Promise<AuditResult> | undefined

  constructor(private readonly report: AuditReport) {}

  @Query()
  async audit(@Context('caller') caller: Caller) {
    requireOperator(caller)
    return auditView(await this.runOnce())
  }

  /** An audit reads every account: those who ask while one runs get that one. */
  private runOnce(): Promise<AuditResult> {
    this.running ??= this.report.run().finally(() => {
      this.running = undefined
    })
    return this.running
  }
}
