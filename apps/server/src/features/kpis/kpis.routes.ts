import {
  kpiCoverageResponse,
  masterKpi,
  masterKpiRemoved,
  masterKpisQuery,
  masterKpisResponse,
  masterKpiUpdate,
  storableName,
} from '@pegboard/contracts';
import { z } from 'zod';
import type { FeatureRoutes } from '../../http/routes.ts';
import type { KpisService } from './kpis.service.ts';

const kpiName = z.object({ name: storableName.describe('Id of the catalogue or name of the KPI, URI-encoded.') });

export function kpisRoutes(kpis: KpisService): FeatureRoutes {
  return (routes) => {
    routes.add({
      method: 'GET',
      url: '/api/master/kpis',
      permission: 'master:read',
      operationId: 'listKpis',
      summary: 'KPIs',
      description:
        'KPIs of the catalogue and of administrators, and whether the counters at hand give them. A bare array by name; where there is more, the header `X-Next-Cursor` has the cursor of the next page.',
      tag: 'master',
      query: masterKpisQuery,
      success: { description: 'KPIs.', schema: masterKpisResponse },
      errors: ['STORE_UNAVAILABLE'],
      handler: async ({ query, reply }) => {
        const { items, nextCursor } = await kpis.list(query);
        if (nextCursor !== null) reply.header('x-next-cursor', nextCursor);
        return [...items];
      },
    });
    routes.add({
      method: 'GET',
      url: '/api/kpi/coverage',
      permission: 'master:read',
      operationId: 'coverKpis',
      summary: 'Which KPIs can be computed',
      description: 'For every KPI the formula on the counters at hand, or which counter is missing and what would do.',
      tag: 'kpi',
      success: { description: 'All KPIs.', schema: kpiCoverageResponse },
      errors: ['STORE_UNAVAILABLE'],
      handler: () => kpis.coverage(),
    });
    routes.add({
      method: 'PUT',
      url: '/api/master/kpis/:name',
      permission: 'master:write',
      operationId: 'updateKpi',
      summary: 'Define or change a KPI',
      description:
        'Defines a KPI by its formula, or changes what the catalogue says of one of its own. Absent keys stay as they are; null goes back to the catalogue. Another formula gets the next version. Counters that the formula names may come later.',
      tag: 'master',
      params: kpiName,
      body: masterKpiUpdate,
      success: { description: 'The KPI as it is now.', schema: masterKpi },
      errors: ['UNKNOWN_NAME', 'UNPROCESSABLE', 'STORE_UNAVAILABLE'],
      handler: async ({ params, body, principal, log }) => {
        const kpi = await kpis.put(params.name, body);
        log.info({ user: principal.user, kpi: kpi.name, version: kpi.version, keys: Object.keys(body) }, 'KPI changed');
        return kpi;
      },
    });
    routes.add({
      method: 'DELETE',
      url: '/api/master/kpis/:name',
      permission: 'master:write',
      operationId: 'removeKpi',
      summary: 'Take back what was said of a KPI',
      description: 'Removes a KPI of administrators; one of the catalogue is as shipped again.',
      tag: 'master',
      params: kpiName,
      success: { description: 'It is gone.', schema: masterKpiRemoved },
      errors: ['UNKNOWN_NAME', 'STORE_UNAVAILABLE'],
      handler: async ({ params, principal, log }) => {
        await kpis.remove(params.name);
        log.info({ user: principal.user, kpi: params.name }, 'KPI removed');
        return { name: params.name, removed: true as const };
      },
    });
  };
}
