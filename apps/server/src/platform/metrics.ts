import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What happened, told by whoever did it. This module alone turns it into metrics. */
export type MetricEvent =
  | { readonly type: 'http_request_started' }
  | {
      readonly type: 'http_request_finished';
      readonly method: string;
      /** The route's pattern, never the path asked for. */
      readonly route: string;
      readonly status: number;
      readonly seconds: number;
    }
  | {
      readonly type: 'store_call_finished';
      readonly store: string;
      readonly operation: string;
      readonly outcome: 'ok' | 'error';
      readonly seconds: number;
    }
  | { readonly type: 'file_ingested'; readonly status: string; readonly values: number }
  | {
      readonly type: 'comparison_finished';
      readonly algorithm: string;
      readonly outcome: 'ok' | 'error';
      readonly series: number;
      readonly seconds: number;
    };

export type EmitMetric = (event: MetricEvent) => void;

export interface Metrics {
  readonly emit: EmitMetric;
  readonly contentType: string;
  /** The text that Prometheus scrapes. */
  render(): Promise<string>;
}

const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const SERIES_COUNTS = [1, 10, 100, 500, 1000, 2000, 10_000, 100_000];

/** All metric objects, in a registry of their own. `processMetrics` adds those of Node (memory, event loop, GC). */
export function createMetrics(options: { readonly processMetrics: boolean }): Metrics {
  const registry = new Registry();
  if (options.processMetrics) collectDefaultMetrics({ register: registry });
  const record = { ...httpRecorders(registry), ...storeRecorders(registry), ...workRecorders(registry) };

  return {
    contentType: registry.contentType,
    render: () => registry.metrics(),
    emit: (event) => {
      switch (event.type) {
        case 'http_request_started':
          return record.requestStarted();
        case 'http_request_finished':
          return record.requestFinished(event);
        case 'store_call_finished':
          return record.storeCallFinished(event);
        case 'file_ingested':
          return record.fileIngested(event);
        case 'comparison_finished':
          return record.comparisonFinished(event);
      }
    },
  };
}

type EventOf<Type extends MetricEvent['type']> = Extract<MetricEvent, { type: Type }>;

function httpRecorders(registry: Registry) {
  const registers = [registry];
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Answered HTTP requests.',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer.',
    labelNames: ['method', 'route'],
    buckets: REQUEST_SECONDS,
    registers,
  });
  const inFlight = new Gauge({ name: 'http_requests_in_flight', help: 'Requests being answered now.', registers });
  return {
    requestStarted: () => inFlight.inc(),
    requestFinished: ({ method, route, status, seconds }: EventOf<'http_request_finished'>) => {
      inFlight.dec();
      requests.inc({ method, route, status });
      duration.observe({ method, route }, seconds);
    },
  };
}

function storeRecorders(registry: Registry) {
  const registers = [registry];
  const calls = new Counter({
    name: 'store_calls_total',
    help: 'Calls of a store.',
    labelNames: ['store', 'operation', 'outcome'],
    registers,
  });
  const duration = new Histogram({
    name: 'store_call_duration_seconds',
    help: 'Time of a call of a store.',
    labelNames: ['store', 'operation'],
    buckets: REQUEST_SECONDS,
    registers,
  });
  return {
    storeCallFinished: ({ store, operation, outcome, seconds }: EventOf<'store_call_finished'>) => {
      calls.inc({ store, operation, outcome });
      duration.observe({ store, operation }, seconds);
    },
  };
}

function workRecorders(registry: Registry) {
  const registers = [registry];
  const files = new Counter({
    name: 'ingest_files_total',
    help: 'PM files taken in, by what became of them.',
    labelNames: ['status'],
    registers,
  });
  const values = new Counter({ name: 'ingest_values_total', help: 'Measured values of PM files.', registers });
  const comparisons = new Counter({
    name: 'comparisons_total',
    help: 'Comparisons of two periods.',
    labelNames: ['algorithm', 'outcome'],
    registers,
  });
  const comparisonDuration = new Histogram({
    name: 'comparison_duration_seconds',
    help: 'Time of a comparison.',
    labelNames: ['algorithm'],
    buckets: REQUEST_SECONDS,
    registers,
  });
  const comparisonSeries = new Histogram({
    name: 'comparison_series',
    help: 'Series in a comparison.',
    labelNames: ['algorithm'],
    buckets: SERIES_COUNTS,
    registers,
  });
  return {
    fileIngested: (event: EventOf<'file_ingested'>) => {
      files.inc({ status: event.status });
      values.inc(event.values);
    },
    comparisonFinished: ({ algorithm, outcome, seconds, series }: EventOf<'comparison_finished'>) => {
      comparisons.inc({ algorithm, outcome });
      comparisonDuration.observe({ algorithm }, seconds);
      comparisonSeries.observe({ algorithm }, series);
    },
  };
}
