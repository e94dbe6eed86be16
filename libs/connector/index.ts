export type { Alert, AlertKind } from './alerts.js'
export {
  type BookDifference,
  BookDifferences,
  type DifferenceKind,
  type DifferenceLog,
  type OwnPacket,
} from './book-differences.js'
export { Burst } from './burst.js'
export type { LinkState } from './circuit-breaker.js'
export { connectorMigrations } from './connector.migrations.js'
export { ConnectorModule } from './connector.module.js'
export { ConnectorService } from './connector.service.js'
export type { AccountTraffic, DirectionTraffic } from './connector-metrics.js'
export { type ConnectorSurroundings, createConnector } from './create-connector.js'
export type { Delivery, PeerTransport } from './deliver.js'
export { CALLBACK_PATH } from './http/exchange.js'
export type { Acceptance, AsyncRequest } from './http/owed-replies.js'
export type { EndpointHealth } from './http/peer-transports.js'
export { CHARGED_ONCE, REPEATS_HEADER } from './http/repeats-header.js'
export type { ReplyWire } from './http/reply-relay.js'
export type { LimitFill, LimitFills, LiveView } from './live-view.js'
export { type LocalDestination, LocalReceiver, type Refusal } from './local-receiver.js'
export type { PacketRecord, RecordedAccount } from './packet-records.js'
export type { PacketSource, PaymentSource, PeerSource } from './packet-source.js'
export { peerAccount } from './peer-account.js'
export { type IlpPlugin, makeIlpPlugin } from './plugin.js'
export { Unanswered } from './unanswered.js'
