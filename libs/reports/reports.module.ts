import { AccountingModule, Ledger } from '@kivuko/accounting'
import { PeeringModule, PeersService } from '@kivuko/peering'
import { Clock, DataSource, Metrics } from '@kivuko/platform'
import { Module } from '@nestjs/common'
import { AuditReport } from './audit-report.js'
import { CombinedPayments } from './combined-payments.js'
import { DifferenceClosing } from './difference-closing.js'
import { registerOpenDifferencesGauge } from './difference-gauge.js'
import { DifferenceList } from './difference-list.js'
import { PaymentTimeline } from './payment-timeline.js'
import { Routes } from './routes.js'

@Module({
  imports: [AccountingModule, PeeringModule],
  providers: [
    {
      provide: AuditReport,
      useFactory: (dataSource: DataSource, ledger: Ledger, clock: Clock) => new AuditReport(dataSource, ledger, clock),
      inject: [DataSource, Ledger, Clock],
    },
    {
      provide: DifferenceList,
      useFactory: (dataSource: DataSource, metrics: Metrics) => {
        registerOpenDifferencesGauge(metrics, dataSource)
        return new DifferenceList(dataSource)
      },
      inject: [DataSource, Metrics],
    },
    {
      provide: DifferenceClosing,
      useFactory: (dataSource: DataSource, ledger: Ledger, clock: Clock) =>
        new DifferenceClosing(dataSource, ledger, clock),
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
    {
      provide: Routes,
      useFactory: (dataSource: DataSource, peers: PeersService) => new Routes(dataSource, peers),
      inject: [DataSource, PeersService],
    },
  ],
  exports: [AuditReport, CombinedPayments, DifferenceClosing, DifferenceList, PaymentTimeline, Routes],
})
export class ReportsModule {}
