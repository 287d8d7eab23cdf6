import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { MultipartFile } from '@fastify/multipart';
import { PegboardError } from '../../platform/errors.ts';
import type { IngestInput } from './find-files.ts';

const MAX_NAME_CHARACTERS = 255;

/**
 * Streams uploaded files into a temporary folder, hands them to `use`, and removes the folder whatever happens.
 * @throws PegboardError PAYLOAD_TOO_LARGE when the files together are larger than `maxBytes`, DATA_VALIDATION_ERROR without a file.
 */
export async function withUploadedFiles<Result>(
  parts: AsyncIterable<MultipartFile>,
  options: { readonly maxBytes: number; readonly signal: AbortSignal },
  use: (files: readonly IngestInput[]) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'pegboard-upload-'));
  try {
    const files = await storeFiles(parts, folder, options).catch((error: unknown) => {
      throw isTornUpload(error) ? tornUpload(error) : error;
    });
    if (files.length === 0) {
      const message = 'the upload has no file; send each as a part with a file name';
      throw new PegboardError('DATA_VALIDATION_ERROR', message, { details: [{ path: 'file', message }] });
    }
    return await use(files);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function storeFiles(
  parts: AsyncIterable<MultipartFile>,
  folder: string,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<IngestInput[]> {
  const files: IngestInput[] = [];
  let bytes = 0;
  for await (const part of parts) {
    const path = join(folder, String(files.length));
    const counter = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        done(bytes > maxBytes ? tooLarge(maxBytes) : null, chunk);
      },
    });
    await pipeline(part.file, counter, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal });
    if (part.file.truncated) throw tooLarge(maxBytes);
    files.push({ path, displayName: displayName(part.filename, files.length), isUpload: true });
  }
  return files;
}

/** The multipart parser's words for a body that ends too early. */
function isTornUpload(error: unknown): error is Error {
  return error instanceof Error && /^(Unexpected end of|Part terminated early)/.test(error.message);
}

function tornUpload(error: Error): PegboardError {
  return new PegboardError(
    'DATA_VALIDATION_ERROR',
    'the upload ends in the middle of a file; nothing of it was taken',
    {
      hint: 'send it again',
      cause: error,
    },
  );
}

/** The name that the client gave, without its folders and without what could disturb a terminal or a log. */
function displayName(filename: string | undefined, index: number): string {
  const base = (filename ?? '').split(/[/\\]/).at(-1) ?? '';
  const printable = base.replaceAll(/\p{C}/gu, '').slice(0, MAX_NAME_CHARACTERS);
  return printable === '' ? `upload-${index + 1}` : printable;
}

function tooLarge(maxBytes: number): PegboardError {
  return new PegboardError('PAYLOAD_TOO_LARGE', `the files of an upload have more than ${maxBytes} bytes together`, {
    hint: 'upload them in several requests, or use pegboard ingest on the server',
  });
}
