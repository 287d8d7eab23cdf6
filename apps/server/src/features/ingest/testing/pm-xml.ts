/** A TS 32.435 file of one managed element, one measInfo. */
export interface TestMeasurements {
  readonly ne?: string;
  /** Begin of the granularity period, ISO 8601 in UTC. */
  readonly begin?: string;
  readonly granularityS?: number;
  readonly suspect?: boolean;
  /** Characters of a comment in each measValue: readers take in some 64 kB before they hand on a value. */
  readonly padding?: number;
  /** Measured object → counter → value as written. */
  readonly objects: Readonly<Record<string, Readonly<Record<string, string | number>>>>;
}

export function pmXml({
  ne = 'NE1',
  begin = '2025-08-07T00:00:00Z',
  granularityS = 900,
  suspect = false,
  padding = 0,
  objects,
}: TestMeasurements): string {
  const end = new Date(Date.parse(begin) + granularityS * 1000).toISOString();
  const names = [...new Set(Object.values(objects).flatMap(Object.keys))];
  const values = Object.entries(objects).map(
    ([ldn, counters]) => `<measValue measObjLdn="${ldn}"><!--${' '.repeat(padding)}-->
${names.flatMap((name, i) => (name in counters ? [`<r p="${i + 1}">${counters[name]}</r>`] : [])).join('')}
${suspect ? '<suspect>true</suspect>' : ''}</measValue>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<measCollecFile xmlns="http://www.3gpp.org/ftp/specs/archive/32_series/32.435#measCollec">
<fileHeader fileFormatVersion="32.435 V10.0" vendorName="ACME" dnPrefix=""><fileSender localDn="${ne}"/>
<measCollec beginTime="${begin}"/></fileHeader>
<measData><managedElement localDn="${ne}" swVersion="1.0"/><measInfo measInfoId="I">
<granPeriod duration="PT${granularityS}S" endTime="${end}"/>
${names.map((name, i) => `<measType p="${i + 1}">${name}</measType>`).join('')}
${values.join('\n')}
</measInfo></measData>
<fileFooter><measCollec endTime="${end}"/></fileFooter></measCollecFile>
`;
}
