// A process of its own that works on a ledger until it is done or killed. It runs what the project builds (dist).
import { PostgresLedger, TigerBeetleLedger } from '@kivuko/accounting'
import { createLogger, loadConfig, SystemClock } from '@kivuko/platform'

const always = {
  clock: new SystemClock(),
  log: createLogger(loadConfig({ LOG_LEVEL: 'silent' }).config),
  timeoutMs: 20_000,
}

process.once('message', async ({ connection, chains, inFlight, reportEvery }) => {
  const ledger =
    connection.url === undefined
      ? await TigerBeetleLedger.open({ ...always, replicas: connection.replicas, clusterId: 0n })
      : new PostgresLedger({ ...always, url: connection.url })
  const counts = { accepted: 0, refused: 0, unknown: 0 }
  const queue = chains.map((legs) => legs.map(revive)).reverse()
  const workOn = async () => {
    for (let legs = queue.pop(); legs !== undefined; legs = queue.pop()) {
      counts[(await ledger.transfer(legs)).kind] += 1
      if ((counts.accepted + counts.refused) % reportEvery === 0) process.send({ done: false, counts })
    }
  }
  await Promise.all(Array.from({ length: inFlight }, workOn))
  await ledger.close()
  process.send({ done: true, counts }, () => process.exit(0))
})

function revive(leg) {
  const big = ['id', 'debitAccountId', 'creditAccountId', 'amount'].map((field) => [field, BigInt(leg[field])])
  return { ...leg, ...Object.fromEntries(big) }
}
