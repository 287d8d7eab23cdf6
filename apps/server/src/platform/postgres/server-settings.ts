import { statfsSync } from 'node:fs';

/** Settings of the embedded server, each with its reason. They are given on the server's command line at every start. */
const SERVER_SETTINGS = [
  ['max_connections', '100', 'a few Pegboard processes with small pools, and people with psql or Grafana'],
  ['shared_buffers', '256MB', 'holds the hot partitions; the rest is cached well by the operating system'],
  ['work_mem', '64MB', 'sorts and hashes over one period stay in memory; few queries run at a time'],
  ['maintenance_work_mem', '256MB', 'index builds of restored data and vacuum of large partitions'],
  ['max_wal_size', '4GB', 'bulk loads are not slowed down by forced checkpoints'],
  ['min_wal_size', '512MB', 'log segments are reused instead of created'],
  ['wal_level', 'minimal', 'nothing replicates from here: loads into new tables need no log'],
  ['max_wal_senders', '0', 'required by wal_level minimal'],
  ['max_logical_replication_workers', '0', 'nothing replicates into here either'],
  ['checkpoint_timeout', '15min', 'fewer full page images during a long ingest'],
  ['checkpoint_completion_target', '0.9', 'spreads the writes of a checkpoint'],
  ['synchronous_commit', 'on', 'a file reported as taken survives a power cut'],
  ['jit', 'off', 'compiling costs more than it saves on these queries'],
  ['autovacuum', 'on', 'statistics of new partitions, dead rows of merges'],
  ['timezone', 'UTC', 'times are UTC everywhere'],
  ['log_timezone', 'UTC', 'the same'],
  ['log_min_messages', 'warning', 'the log stays small'],
  ['log_min_error_statement', 'panic', 'statements may hold secrets; callers log their own errors'],
  ['log_checkpoints', 'off', 'the log stays small'],
  ['password_encryption', 'scram-sha-256', 'no weaker hash is stored'],
] as const;

/** For throw-away data only: a crash of the machine may corrupt it. */
const VOLATILE_SETTINGS = [
  ['fsync', 'off', 'nothing has to survive'],
  ['full_page_writes', 'off', 'the same'],
  ['shared_buffers', '64MB', 'small data'],
  ['max_wal_size', '512MB', 'small disk footprint'],
  ['min_wal_size', '32MB', 'the same'],
] as const;

const MIN_SHARED_MEMORY_BYTES = 256 * 2 ** 20;

/** Where parallel queries share memory: `/dev/shm`, or files in the data folder where it is too small (containers: 64 MB). */
function sharedMemoryType(): string {
  if (process.platform !== 'linux') {
    return 'posix';
  }
  try {
    const { bsize, blocks } = statfsSync('/dev/shm');
    return bsize * blocks >= MIN_SHARED_MEMORY_BYTES ? 'posix' : 'mmap';
  } catch {
    return 'mmap';
  }
}

/** The settings as `-c name=value` arguments of `postgres`; a later one wins. */
export function settingArguments(durable: boolean): string[] {
  const table: readonly (readonly [string, string, string])[] = durable
    ? SERVER_SETTINGS
    : [...SERVER_SETTINGS, ...VOLATILE_SETTINGS];
  const settings = table.map(([name, value]) => `${name}=${value}`);
  return [...settings, `dynamic_shared_memory_type=${sharedMemoryType()}`].flatMap((setting) => ['-c', setting]);
}
