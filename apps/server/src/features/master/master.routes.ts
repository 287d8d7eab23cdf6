import {
  MAX_NAME_CHARACTERS,
  masterCellsQuery,
  masterCellsResponse,
  masterFamiliesResponse,
  masterNesResponse,
  masterPeg,
  masterPegsResponse,
  masterPegUpdate,
  masterQuery,
} from '@pegboard/contracts';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { FeatureRoutes } from '../../http/routes.ts';
import type { ListPage } from './list-page.ts';
import type { MasterService } from './master.service.ts';

const PAGING = 'A bare array by name; where there is more, the header `X-Next-Cursor` has the cursor of the next page.';
const pegName = z.object({
  name: z.string().min(1).max(MAX_NAME_CHARACTERS).describe('Name of the PEG, or `Family/Name`, URI-encoded.'),
});

export function masterRoutes(master: MasterService): FeatureRoutes {
  return (routes) => {
    const list = { method: 'GET', permission: 'master:read', tag: 'master', errors: ['STORE_UNAVAILABLE'] } as const;
    routes.add({
      ...list,
      url: '/api/master/pegs',
      operationId: 'listPegs',
      summary: 'PEGs',
      description: `Every performance counter that is known, with what is known of it. ${PAGING}`,
      query: masterQuery,
      success: { description: 'PEGs.', schema: masterPegsResponse },
      handler: async ({ query, reply }) => page(reply, await master.pegs(query)),
    });
    routes.add({
      ...list,
      url: '/api/master/families',
      operationId: 'listFamilies',
      summary: 'Families of PEGs',
      description: `Object classes and export families that PEGs belong to. ${PAGING}`,
      query: masterQuery,
      success: { description: 'Families.', schema: masterFamiliesResponse },
      handler: async ({ query, reply }) => page(reply, await master.families(query)),
    });
    routes.add({
      ...list,
      url: '/api/master/ne',
      operationId: 'listNetworkElements',
      summary: 'Network elements',
      description: `Every network element that has delivered samples. ${PAGING}`,
      query: masterQuery,
      success: { description: 'Network elements.', schema: masterNesResponse },
      handler: async ({ query, reply }) => page(reply, await master.networkElements(query)),
    });
    routes.add({
      ...list,
      url: '/api/master/cells',
      operationId: 'listCells',
      summary: 'Cells',
      description: `Every cell, with the measured objects that it is. ${PAGING}`,
      query: masterCellsQuery,
      success: { description: 'Cells.', schema: masterCellsResponse },
      errors: ['UNKNOWN_NAME', 'UNPROCESSABLE', 'STORE_UNAVAILABLE'],
      handler: async ({ query, reply }) => page(reply, await master.cells(query)),
    });
    routes.add({
      method: 'PUT',
      url: '/api/master/pegs/:name',
      permission: 'master:write',
      operationId: 'updatePeg',
      summary: 'Say what a PEG means',
      description:
        'Sets polarity, weight, thresholds, kind and so on. Absent keys stay as they are; null goes back to the default. Where several families have the name, give `family`, or `Family/Name` as the name.',
      tag: 'master',
      params: pegName,
      body: masterPegUpdate,
      success: { description: 'The PEG as it is now.', schema: masterPeg },
      errors: ['UNKNOWN_NAME', 'UNPROCESSABLE', 'STORE_UNAVAILABLE'],
      handler: async ({ params, body, principal, log }) => {
        const peg = await master.updatePeg(params.name, body);
        log.info(
          { user: principal.user, family: peg.family, peg: peg.peg_name, keys: Object.keys(body) },
          'PEG changed',
        );
        return peg;
      },
    });
  };
}

function page<Item>(reply: FastifyReply, { items, nextCursor }: ListPage<Item>): Item[] {
  if (nextCursor !== null) reply.header('x-next-cursor', nextCursor);
  return [...items];
}
