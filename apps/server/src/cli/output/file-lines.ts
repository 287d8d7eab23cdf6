import type { IngestFileReport } from '@pegboard/contracts';
import { counted } from './count.ts';
import { visibleLine } from './visible-text.ts';

/** What became of a file, and its warnings, a line each. */
export function fileLines(file: IngestFileReport): string[] {
  const warnings = file.warnings.map(({ message, line, count }) => {
    const times = count > 1 ? ` (${count} times)` : '';
    return visibleLine(`             warning: ${line === null ? '' : `line ${line}: `}${message}${times}`);
  });
  return [visibleLine(`${file.status.padEnd(11)}  ${file.name}: ${describeFile(file)}`), ...warnings];
}

/** `4 values of 2 objects`, or why not. */
export function describeFile(file: IngestFileReport): string {
  if (file.status === 'ok') return describeTaken(file);
  return file.error === null ? (file.reason ?? '') : errorText(file.error);
}

/** `line 3: the tag is not closed (mend it)` */
export function errorText(error: NonNullable<IngestFileReport['error']>): string {
  const { line, message, hint } = error;
  return `${line === null ? '' : `line ${line}: `}${message}${hint === null ? '' : ` (${hint})`}`;
}

function describeTaken({ values, objects, reason }: IngestFileReport): string {
  if (reason !== null && values === 0) return reason;
  return `${counted(values, 'value')} of ${counted(objects, 'object')}${reason === null ? '' : `, ${reason}`}`;
}
