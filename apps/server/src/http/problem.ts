import { ERROR_CODES, type ErrorCode, problem } from '@pegboard/contracts';
import type { FastifyError } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { type ErrorDetail, isPegboardError, PegboardError } from '../platform/errors.ts';
import { utcText } from '../platform/utc-text.ts';

const PROBLEM_MEDIA_TYPE = 'application/problem+json';
/** Seconds after which a client may try again what is only refused for now. */
const RETRY_AFTER_S = 5;

/** Fastify's own refusals of a request, by its error code. What is not here and no client's fault is an internal error. */
const FRAMEWORK_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'DATA_VALIDATION_ERROR',
  FST_ERR_CTP_INVALID_JSON_BODY: 'DATA_VALIDATION_ERROR',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'DATA_VALIDATION_ERROR',
  FST_ERR_BAD_URL: 'DATA_VALIDATION_ERROR',
  FST_ERR_MAX_PARAM_LENGTH: 'DATA_VALIDATION_ERROR',
  FST_PARTS_LIMIT: 'PAYLOAD_TOO_LARGE',
  FST_FILES_LIMIT: 'PAYLOAD_TOO_LARGE',
  FST_FIELDS_LIMIT: 'PAYLOAD_TOO_LARGE',
  FST_REQ_FILE_TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  FST_PROTO_VIOLATION: 'DATA_VALIDATION_ERROR',
  FST_MP_PREMATURE_CLOSE: 'DATA_VALIDATION_ERROR',
  FST_INVALID_MULTIPART_CONTENT_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
};

/** The error that an answer tells of, made from whatever was thrown; a stranger becomes INTERNAL_ERROR. */
export function toPegboardError(thrown: unknown): PegboardError {
  if (isPegboardError(thrown)) return thrown;
  if (hasZodFastifySchemaValidationErrors(thrown)) {
    const details = thrown.validation.map(({ instancePath, message }) => ({
      path: pathOf(instancePath, thrown.validationContext),
      message: message ?? 'is not valid',
    }));
    return new PegboardError('DATA_VALIDATION_ERROR', details.map(describeDetail).join('; '), { details });
  }
  if (isFrameworkError(thrown)) {
    const code = FRAMEWORK_CODES[thrown.code];
    if (code !== undefined) return new PegboardError(code, thrown.message, { cause: thrown });
  }
  if (isMalformedJson(thrown)) {
    return new PegboardError('DATA_VALIDATION_ERROR', `the body is not JSON: ${thrown.message}`, { cause: thrown });
  }
  return new PegboardError('INTERNAL_ERROR', 'unexpected error', { cause: thrown });
}

/** The body of an error's answer (RFC 9457 and the documented envelope). Texts of 5xx are those of the registry. */
export function problemBody(error: PegboardError, requestId: string, nowMs: number): z.output<typeof problem> {
  const { status, title } = ERROR_CODES[error.code];
  const masked = status >= 500;
  const message = masked ? `${title}; look for ${requestId} in the log` : withHint(error);
  return {
    type: `/docs/errors#${error.code}`,
    title,
    status,
    detail: message,
    instance: requestId,
    success: false,
    error: {
      code: error.code,
      message,
      timestamp: utcText(nowMs),
      details: masked ? [] : error.details.map(plainDetail),
    },
  };
}

/** Headers that an error's answer has beside its body. */
export function problemHeaders(error: PegboardError): Readonly<Record<string, string>> {
  const { retryable, status } = ERROR_CODES[error.code];
  return {
    'content-type': `${PROBLEM_MEDIA_TYPE}; charset=utf-8`,
    'cache-control': 'no-store',
    ...(retryable && { 'retry-after': String(RETRY_AFTER_S) }),
    ...(status === 401 && { 'www-authenticate': challenge(error) }),
  };
}

/** The error responses of an operation for its schema: one a status, naming the codes. */
export function errorResponses(codes: readonly ErrorCode[]): Record<number, unknown> {
  const byStatus = new Map<number, Set<ErrorCode>>();
  for (const code of codes) {
    const { status } = ERROR_CODES[code];
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(code));
  }
  const responses: Record<number, unknown> = {};
  for (const [status, codesOfStatus] of byStatus) {
    const description = [...codesOfStatus].map((code) => `\`${code}\`: ${ERROR_CODES[code].title}.`).join(' ');
    responses[status] = { description, content: { [PROBLEM_MEDIA_TYPE]: { schema: problem } } };
  }
  return responses;
}

function challenge(error: PegboardError): string {
  const reason = error.message.replaceAll(/[^\x20-\x7e]|["\\]/g, '');
  return error.details.length > 0
    ? `Bearer realm="pegboard", error="invalid_token", error_description="${reason}"`
    : 'Bearer realm="pegboard"';
}

function withHint(error: PegboardError): string {
  return error.hint === null ? error.message : `${error.message} (${error.hint})`;
}

function plainDetail({ path, message, suggestions }: ErrorDetail) {
  return { path, message, ...(suggestions && { suggestions: [...suggestions] }) };
}

function describeDetail({ path, message }: ErrorDetail): string {
  return `${path}: ${message}`;
}

/** `/items/0/name` in the body → `items.0.name`; the root is named after the part of the request. */
function pathOf(instancePath: string, context: string | undefined): string {
  const path = instancePath
    .split('/')
    .filter((step) => step !== '')
    .join('.');
  return path === '' ? (context ?? 'body') : path;
}

function isFrameworkError(thrown: unknown): thrown is FastifyError {
  return (
    thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' && thrown.code.startsWith('FST_')
  );
}

function isMalformedJson(thrown: unknown): thrown is SyntaxError {
  return thrown instanceof SyntaxError && 'statusCode' in thrown && thrown.statusCode === 400;
}
