import type { ClassColumns } from './ne-day.ts';
import type { NetworkPlan, PlannedNe } from './planned-network.ts';

const VENDOR = 'Pegboard generator';
const SOFTWARE = 'GEN-1';
const DN_PREFIX = 'SubNetwork=Generated';
const NAMESPACE = 'http://www.3gpp.org/ftp/specs/archive/32_series/32.435#measCollec';

/** Escapes text for element content and attribute values. */
function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** `2025-11-08T00:00:00Z` without milliseconds. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Name of a file of one NE and period by TS 32.432: `A20251108.0000+0000-0015+0000_gnb-001.xml`. */
export function xmlFileName(ne: string, beginMs: number, granularityS: number): string {
  const begin = isoSeconds(beginMs).replace(/[-:]/g, '');
  const end = isoSeconds(beginMs + granularityS * 1000).replace(/[-:]/g, '');
  const time = (text: string): string => (granularityS % 60 === 0 ? text.slice(9, 13) : text.slice(9, 15));
  return `A${begin.slice(0, 8)}.${time(begin)}+0000-${time(end)}+0000_${ne}.xml`;
}

/** Writes the periods of one NE and day as TS 32.435 documents; what all of them share is prepared once. */
export function xmlWriter(
  plan: NetworkPlan,
  ne: PlannedNe,
  classes: readonly ClassColumns[],
): (slot: number, beginMs: number) => string {
  const { granularityS } = plan.options;
  const duration = `PT${granularityS}S`;
  const sender = escapeXml(ne.name);
  const elementType = ne.rat === 'NR' ? 'gNB' : 'eNB';
  const groups = classes.map(prepareClass);
  return (slot, beginMs) => {
    const end = isoSeconds(beginMs + granularityS * 1000);
    let xml =
      `<?xml version="1.0" encoding="UTF-8"?>\n<measCollecFile xmlns="${NAMESPACE}">\n` +
      `<fileHeader fileFormatVersion="32.435 V10.0" vendorName="${VENDOR}" dnPrefix="${DN_PREFIX}">\n` +
      `<fileSender localDn="${sender}" elementType="${elementType}"/>\n` +
      `<measCollec beginTime="${isoSeconds(beginMs)}"/>\n</fileHeader>\n<measData>\n` +
      `<managedElement localDn="${sender}" userLabel="${escapeXml(ne.userLabel)}" swVersion="${SOFTWARE}"/>\n`;
    for (const group of groups) {
      xml +=
        `<measInfo measInfoId="${group.id}">\n<job jobId="1"/>\n<granPeriod duration="${duration}" endTime="${end}"/>\n` +
        `<repPeriod duration="${duration}"/>\n${group.types}`;
      for (const object of group.objects) {
        const presence = object.presence[slot];
        if (presence === 'absent') continue;
        xml += object.open;
        const { columns } = object;
        for (let p = 0; p < columns.length; p++) xml += `${group.opens[p]}${columns[p]?.[slot]}</r>`;
        xml += presence === 'suspect' ? '<suspect>true</suspect></measValue>\n' : '</measValue>\n';
      }
      xml += '</measInfo>\n';
    }
    return `${xml}</measData>\n<fileFooter>\n<measCollec endTime="${end}"/>\n</fileFooter>\n</measCollecFile>\n`;
  };
}

function prepareClass(group: ClassColumns) {
  return {
    id: escapeXml(group.objectClass),
    types: group.counters
      .map((counter, index) => `<measType p="${index + 1}">${escapeXml(counter.name)}</measType>\n`)
      .join(''),
    opens: group.counters.map((_, index) => `<r p="${index + 1}">`),
    objects: group.objects.map((object) => ({
      ...object,
      open: `<measValue measObjLdn="${escapeXml(object.ldn)}">`,
    })),
  };
}
