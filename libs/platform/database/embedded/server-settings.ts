/** How the server is tuned: a small node's ledger, safe first. */
const SETTINGS: Readonly<Record<string, string>> = {
  // Money: what was answered "done" survives a power cut.
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  // Written and on the disk in one call instead of two, with the same promise.
  wal_sync_method: 'open_datasync',
  // Only this machine, only by password; no socket file, whose path could be too long.
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '128MB',
  max_connections: '100',
  // Under load a checkpoint every minute or so instead of every few seconds, and log files that are used again.
  max_wal_size: '1GB',
  min_wal_size: '256MB',
  // Short statements gain nothing from compiling, nor from helper processes for reading.
  jit: 'off',
  update_process_title: 'off',
  io_method: 'sync',
  // A node that was cut off does not keep its locks for hours.
  tcp_keepalives_idle: '30',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
}

export function serverOptions(folder: string, port: number): string[] {
  return [
    '-D',
    folder,
    '-p',
    String(port),
    ...Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
}

/** The programs get nothing of this process's environment: locale and time zone must not change what they do. */
export const SERVER_ENV = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/local/bin:/usr/bin:/bin' }
