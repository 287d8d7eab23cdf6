import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logging.ts';
import type { KpiStore } from '../../stores/kpi/kpi-store.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface Retention {
  /** Drops what is too old now. */
  sweep(): Promise<void>;
  stop(): void;
}

/** Drops samples that are older than so many days, now and every hour. A failure is logged and tried again. */
export function startRetention(options: {
  readonly store: Pick<KpiStore, 'dropDaysBefore'>;
  readonly days: number;
  readonly clock: Clock;
  readonly logger: Logger;
}): Retention {
  const { store, days, clock, logger } = options;
  const sweep = async (): Promise<void> => {
    try {
      const dropped = await store.dropDaysBefore(clock.nowMs() - days * DAY_MS);
      if (dropped.length > 0) logger.info({ dropped, retentionDays: days }, 'old samples dropped');
    } catch (error) {
      logger.error({ err: error }, 'old samples could not be dropped; the next try is in an hour');
    }
  };
  const timer = setInterval(sweep, HOUR_MS);
  timer.unref();
  void sweep();
  return { sweep, stop: () => clearInterval(timer) };
}
