import { AccountingModule, Ledger } from '@kivuko/accounting'
import { Clock, DataSource } from '@kivuko/platform'
import { Module } from '@nestjs/common'
import { AuditReport } from './audit-report.js'
import { CombinedPayments } from './combined-payments.js'
import { PaymentTimeline } from './payment-timeline.js'

@Module({
  imports: [AccountingModule],
  providers: [
    {
      provide: AuditReport,
      useFactory: (dataSource: DataSource, ledger: Ledger, clock: Clock) => new AuditReport(dataSource, ledger, clock),
      inject: [DataSource, Ledger, Clock],
    },
    {
      provide: PaymentTimeline,
      useFactory: (dataSource: DataSource) => new PaymentTimeline(dataSource),
      inject: [DataSource],
    },
    {
      provide: CombinedPayments,
      useFactory: (dataSource: DataSource) => new CombinedPayments(dataSource),
      inject: [DataSource],
    },
  ],
  exports: [AuditReport, CombinedPayments, PaymentTimeline],
})
export class ReportsModule {}
