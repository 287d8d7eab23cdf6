import type { ClassColumns } from './ne-day.ts';
import { isoSeconds } from './xml-file.ts';

const CSV_HEADER = 'timestamp,ne,cell,family,peg,granularity,value';

/** Name of a file of one NE and UTC day: `20251108_gnb-001.csv`. */
export function csvFileName(ne: string, dayStartMs: number): string {
  return `${isoSeconds(dayStartMs).slice(0, 10).replaceAll('-', '')}_${ne}.csv`;
}

/**
 * The cells of one NE and day in long form, a row a value; one piece of text a cell and class. Objects that are no cells
 * are left out, as the form has no place for them; times are begins of granularity periods in UTC.
 *
 * @param slots the granularity periods of the day to write: first and end (exclusive)
 */
export function* csvChunks(
  ne: string,
  classes: readonly ClassColumns[],
  dayStartMs: number,
  granularityS: number,
  slots: { readonly first: number; readonly end: number },
): Generator<string> {
  yield `${CSV_HEADER}\n`;
  for (const group of classes) {
    const names = group.counters.map((counter) => `,${csvField(group.objectClass)},${csvField(counter.name)},`);
    for (const object of group.objects) {
      if (object.cellId === null) continue;
      let text = '';
      for (let slot = slots.first; slot < slots.end; slot++) {
        if (object.presence[slot] === 'absent') continue;
        const time = isoSeconds(dayStartMs + slot * granularityS * 1000);
        const prefix = `${time},${csvField(ne)},${csvField(object.cellId)}`;
        const { columns } = object;
        for (let p = 0; p < columns.length; p++) text += `${prefix}${names[p]}${granularityS},${columns[p]?.[slot]}\n`;
      }
      yield text;
    }
  }
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
