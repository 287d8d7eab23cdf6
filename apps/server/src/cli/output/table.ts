import stringWidth from 'string-width';
import { visibleLine } from './visible-text.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Longer texts are cut at this width, in terminal columns. */
  readonly maxWidth?: number;
  /** On a narrow terminal texts may be cut down to this width. */
  readonly minWidth?: number;
  /** Left out on a terminal that is too narrow for all. */
  readonly optional?: boolean;
}

const GAP = '  ';
const DEFAULT_MAX_WIDTH = 200;

/**
 * Rows under a header, columns two spaces apart; wide letters (Korean) count two terminal columns. Ends with a line end.
 * @param terminalColumns what a line may take; null: as much as it needs
 */
export function textTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  terminalColumns: number | null = null,
): string {
  const texts = [columns.map(({ title }) => title), ...rows].map((row) =>
    row.map((text, at) => cut(visibleLine(text), columns[at]?.maxWidth ?? DEFAULT_MAX_WIDTH)),
  );
  const natural = columns.map((_, at) =>
    texts.reduce((widest, row) => Math.max(widest, stringWidth(row[at] ?? '')), 0),
  );
  const widths = fitted(columns, natural, terminalColumns);
  const line = (row: readonly string[]) =>
    `${widths
      .map(({ at, width }) => padded(cut(row[at] ?? '', width), width, columns[at]?.align))
      .join(GAP)
      .trimEnd()}\n`;
  const [header = [], ...body] = texts;
  const rule = natural.map((width) => '─'.repeat(width));
  return [header, rule, ...body].map(line).join('');
}

interface FittedColumn {
  /** Index of the column. */
  readonly at: number;
  width: number;
}

/** Leaves out optional columns from the right, then narrows the widest that may be narrowed, until a line fits. */
function fitted(columns: readonly Column[], natural: readonly number[], limit: number | null): FittedColumn[] {
  const kept: FittedColumn[] = natural.map((width, at) => ({ at, width }));
  if (limit === null) return kept;
  const excess = () => kept.reduce((sum, { width }) => sum + width + GAP.length, -GAP.length) - limit;
  for (let index = kept.length - 1; index >= 0 && excess() > 0; index--) {
    if (columns[kept[index].at].optional) kept.splice(index, 1);
  }
  while (excess() > 0) {
    const narrowable = kept.filter(({ at, width }) => width > (columns[at].minWidth ?? Number.POSITIVE_INFINITY));
    if (narrowable.length === 0) return kept;
    narrowable.reduce((widest, column) => (column.width > widest.width ? column : widest)).width -= 1;
  }
  return kept;
}

function padded(text: string, width: number, align: Column['align']): string {
  const blanks = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return align === 'right' ? blanks + text : text + blanks;
}

function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = '';
  for (const letter of text) {
    if (stringWidth(kept + letter) >= width) break;
    kept += letter;
  }
  return `${kept}…`;
}
