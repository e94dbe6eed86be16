import type { PacketRecord, RecordedAccount } from '@kivuko/connector'

/** GraphQL's Packet. */
export function packetView(record: PacketRecord) {
  return {
    receivedAt: new Date(record.receivedAtMs).toISOString(),
    durationMs: Math.round(record.durationMs),
    source: accountView(record.source),
    destination: record.destination ? accountView(record.destination) : null,
    destinationAddress: record.destinationAddress,
    sourceAmount: record.sourceAmount,
    destinationAmount: record.destinationAmount,
    outcome: record.outcome === 'fulfilled' ? 'FULFILLED' : 'REJECTED',
    code: record.code ?? null,
    message: record.message === '' ? null : record.message,
  }
}

function accountView({ kind, id, assetCode, assetScale }: RecordedAccount) {
  return { type: kind, id, assetCode, assetScale }
}
