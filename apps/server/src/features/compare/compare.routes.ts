import { compareAnswer, compareRequest } from '@pegboard/contracts';
import type { FeatureRoutes } from '../../http/routes.ts';
import type { EmitMetric } from '../../platform/metrics.ts';
import type { CompareService } from './compare.service.ts';

/** What is compared while the caller waits. */
const MAX_SERIES = 2000;

export function compareRoutes(compare: CompareService, emit: EmitMetric): FeatureRoutes {
  return (routes) => {
    routes.add({
      method: 'POST',
      url: '/api/compare',
      permission: 'kpi:compare',
      operationId: 'comparePeriods',
      summary: 'Compare two periods',
      description: `What got better and what got worse from period N-1 to period N, the most severe first. At once for up to ${MAX_SERIES} series (PEGs × measured objects); more are refused with 413.`,
      tag: 'compare',
      body: compareRequest,
      success: { description: 'The comparison.', schema: compareAnswer },
      errors: ['ALGORITHM_VERSION_ERROR', 'PAYLOAD_TOO_LARGE', 'UNKNOWN_NAME', 'UNPROCESSABLE', 'STORE_UNAVAILABLE'],
      handler: async ({ body, signal }) => {
        const startedAt = performance.now();
        const seconds = () => (performance.now() - startedAt) / 1000;
        try {
          const document = await compare.compare(body, { maxSeries: MAX_SERIES, signal });
          const { algorithm_version: algorithm, results } = document;
          emit({ type: 'comparison_finished', algorithm, outcome: 'ok', series: results.length, seconds: seconds() });
          return document;
        } catch (error) {
          // The version asked for is the caller's text: it must not become a label.
          emit({ type: 'comparison_finished', algorithm: 'none', outcome: 'error', series: 0, seconds: seconds() });
          throw error;
        }
      },
    });
  };
}
