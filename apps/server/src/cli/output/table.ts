import stringWidth from 'string-width';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Longer texts are cut at this width, in terminal columns. */
  readonly maxWidth?: number;
}

/** Rows under a header, columns two spaces apart; wide letters (Korean) count two columns. Ends with a line end. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map((text, at) => cut(oneLine(text), columns[at]?.maxWidth ?? 200)));
  const widths = columns.map(({ title }, at) =>
    cells.reduce((widest, row) => Math.max(widest, stringWidth(row[at] ?? '')), stringWidth(title)),
  );
  const line = (texts: readonly string[]) =>
    `${columns
      .map(({ align }, at) => padded(texts[at] ?? '', widths[at], align))
      .join('  ')
      .trimEnd()}\n`;
  const rule = widths.map((width) => '─'.repeat(width));
  return [columns.map(({ title }) => title), rule, ...cells].map(line).join('');
}

function padded(text: string, width: number, align: Column['align']): string {
  const blanks = ' '.repeat(width - stringWidth(text));
  return align === 'right' ? blanks + text : text + blanks;
}

/** Control characters of data must not reach the terminal. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
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
