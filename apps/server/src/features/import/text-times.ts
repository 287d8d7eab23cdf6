/**
 * Times that a source keeps as texts: `2025-08-08 08:15`, `2025/08/08T08:15:00.5`, `202508080815`, a date alone, each with a
 * zone (`Z`, `+09`, `+05:30`) or without. As regular expressions and SQL of PostgreSQL, which reads them where the rows are.
 */

const MONTH_AND_DAY = [
  '(?:0[13578]|1[02])S(?:0[1-9]|[12]\\d|3[01])',
  '(?:0[469]|11)S(?:0[1-9]|[12]\\d|30)',
  '02S(?:0[1-9]|1\\d|2[0-8])',
].join('|');
const LEAP_YEAR = '(?:(?:19|20)(?:0[48]|[2468][048]|[13579][26])|2000)';
/** Only dates that there are: a cast of another would end the statement. `S` stands for what separates the parts. */
const DATE = `(?:(?:19|20)\\d\\dS(?:${MONTH_AND_DAY})|${LEAP_YEAR}S02S29)`;
const TIME_OF_DAY = '(?:(?:[01]\\d|2[0-3])S[0-5]\\d(?:S[0-5]\\d(?:\\.\\d{1,6})?)?|24S00(?:S00)?)';
const ZONE = '\\s*(?:Z|[+-](?:0\\d|1[0-4])(?::?[0-5]\\d)?)';

const WRITTEN = [
  `${DATE.replaceAll('S', '[-/.]')}(?:(?:\\s+|T)${TIME_OF_DAY.replaceAll('S', ':')})?`,
  `${DATE.replaceAll('S', '')}[ T]?${TIME_OF_DAY.replaceAll('S', '')}`,
].join('|');

/** Matches the texts of times without a zone, or with one. */
export function textTimePattern(hasZone: boolean): string {
  return `^\\s*(?:${WRITTEN})${hasZone ? ZONE : ''}\\s*$`;
}

/** SQL: the time that the text of a column says, NULL where it says none of the kind. `text` is an SQL expression. */
export function textTimeSql(text: string, hasZone: boolean): string {
  const type = hasZone ? 'timestamptz' : 'timestamp';
  // Digits alone are a date and a time of day only with something in between.
  const separated = `regexp_replace(btrim(${text}), '^(\\d{8})(\\d{4})', '\\1T\\2')`;
  return `CASE WHEN ${text} ~ '${textTimePattern(hasZone)}' THEN ${separated}::${type} END`;
}
