/** The body of every error: `application/problem+json` (RFC 9457) that also carries the documented error object. */
import { z } from 'zod';
import { utcTime } from './fields.ts';

export const problemDetail = z
  .object({
    path: z.string().describe('Where in the request, e.g. `end_date` or `raw_data.stats.3.avg`.'),
    message: z.string().describe('What is wrong there and how to write it.'),
    suggestions: z.array(z.string()).optional().describe('Names that would do.'),
  })
  .describe('One thing that is wrong.');
export type ProblemDetail = z.output<typeof problemDetail>;

export const problem = z
  .object({
    type: z.string().describe('Address of the description of the code: `/docs/errors#<code>`.'),
    title: z.string().describe('What the code means.'),
    status: z.int().min(400).max(599).describe('HTTP status.'),
    detail: z.string().describe('What happened; masked for 5xx.'),
    instance: z.string().describe('Id of the request, as in the log.'),
    success: z.literal(false).describe('Always false.'),
    error: z
      .object({
        code: z.string().describe('Stable machine-readable code.'),
        message: z.string().describe('Same as `detail`.'),
        timestamp: utcTime.describe('When it happened, UTC.'),
        details: z.array(problemDetail).optional().describe('Every part of the request that is wrong.'),
      })
      .describe('The error for programs.'),
  })
  .describe('An error.');
export type Problem = z.output<typeof problem>;

export const PROBLEM_EXAMPLE: Problem = {
  type: '/docs/errors#DATA_VALIDATION_ERROR',
  title: 'The request is malformed',
  status: 400,
  detail: 'start_date must be before end_date',
  instance: 'req-1',
  success: false,
  error: {
    code: 'DATA_VALIDATION_ERROR',
    message: 'start_date must be before end_date',
    timestamp: '2026-01-01T00:00:00Z',
    details: [{ path: 'end_date', message: 'start_date must be before end_date' }],
  },
};
