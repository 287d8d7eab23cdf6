import { z } from 'zod';
import type { PegMetadata } from '../../stores/kpi/kpi-store.ts';

/** PostgreSQL takes no NUL, and half a surrogate pair is no text. */
const storable = z.string().refine((value) => !value.includes('\0') && value.isWellFormed(), {
  error: 'holds a NUL character or half a surrogate pair',
});
const text = storable.min(1).max(500);

const catalogueFile = z.object({
  pegboard_catalogue: z.literal(1),
  generated: z.boolean().optional(),
  pegs: z
    .array(
      z.strictObject({
        family: text,
        name: text,
        unit: text.nullable().optional(),
        kind: z.enum(['cumulative', 'gauge', 'derived', 'distribution']).nullable().optional(),
        polarity: z.enum(['higher_better', 'lower_better', 'neutral']).nullable().optional(),
        weight: z.int().min(1).max(10).nullable().optional(),
        critical: z.boolean().optional(),
        description: storable.max(5000).nullable().optional(),
      }),
    )
    .max(100_000),
});

const MARK = Buffer.from('"pegboard_catalogue"');
const MARK_WITHIN_BYTES = 512;

export const CATALOGUE_FORMAT = 'pegboard-catalogue';

/** Whether the content says that it is a catalogue file: JSON with `pegboard_catalogue` near its start. */
export function isCatalogueFile(content: Uint8Array): boolean {
  const head = Buffer.from(content.buffer, content.byteOffset, Math.min(content.length, MARK_WITHIN_BYTES));
  return head.includes(MARK) && /^\s*\{/.test(head.toString('latin1'));
}

export type CatalogueFile =
  | { readonly status: 'ok'; readonly pegs: readonly PegMetadata[] }
  | { readonly status: 'rejected'; readonly message: string };

/** Reads a catalogue file: `{"pegboard_catalogue":1,"pegs":[{family, name, unit?, kind?, polarity?, weight?, …}]}`. */
export function readCatalogueFile(content: Uint8Array): CatalogueFile {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch (error) {
    return { status: 'rejected', message: error instanceof Error ? error.message : String(error) };
  }
  const parsed = catalogueFile.safeParse(json);
  if (parsed.success) return { status: 'ok', pegs: parsed.data.pegs.map(withoutUndefined) };
  const issue = parsed.error.issues[0];
  return { status: 'rejected', message: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a catalogue'}` };
}

function withoutUndefined(entry: z.infer<typeof catalogueFile>['pegs'][number]): PegMetadata {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined)) as unknown as PegMetadata;
}
