import fc from 'fast-check';
import { describe } from 'vitest';
import { type GeneratedFile, itReadsAnyFile } from '../testing/format-properties.ts';
import { documents, type GeneratedGroup, timeStyle } from '../testing/generated-document.ts';
import { valuesWithVectors } from '../testing/generated-values.ts';
import { escapedXml, XML_SNIPPETS, XML_UNITS, xmlFiller, xmlGap, xmlText } from '../testing/written-xml.ts';

/** How a PMSetup is written. */
interface Style {
  readonly time: (utcMs: number) => string;
  readonly text: (text: string) => string;
  readonly gap: string;
  readonly target: string;
  /** Counters without a value are left out rather than empty. */
  readonly isSparse: boolean;
}

const style: fc.Arbitrary<Style> = fc.record({
  time: timeStyle,
  text: xmlText,
  gap: xmlGap,
  target: fc.constantFrom('PMTarget', 'NE-WBTS_1.0', 'MO2', 'DN'),
  isSparse: fc.boolean(),
});

/** Counters are the names of elements. */
const tag = fc.oneof(
  fc.constantFrom('M8001C0', 'M8001C5', '__proto__', 'constructor', 'DN', 'MO', 'PMTarget', '접속', 'a-b.c', '_1'),
  fc.stringMatching(/^[A-Za-z_가-힣][\w.가-힣-]{0,12}$/),
);
/** A name within a distinguished name: no slash, and no PLMN, RNC or WBTS, which have a meaning of their own. */
const rdn = fc
  .oneof(
    fc.constantFrom('LNCEL-5', 'NRCELL-1', 'X-a,b\\c', 'odd'),
    fc.stringMatching(/^[A-Q]{1,4}-[\w ,=<&"가]{0,6}\w$/),
  )
  .filter((name) => !/^(?:PLMN|RNC)/i.test(name));

/** The object `A=1,B=2` as the last part of a distinguished name. */
const objects = fc.array(rdn, { maxLength: 3 });

interface NokiaGroup extends GeneratedGroup {
  readonly dns: readonly string[];
}

/** Objects get their names from distinguished names. */
function named(group: GeneratedGroup, paths: readonly (readonly string[])[]): NokiaGroup {
  const dns = group.objects.map((_, i) => [`${group.ne}`, ...paths[i % paths.length], `Nr-${i}`]);
  const ldns = dns.map(([, ...names]) => names.map(rdnText).join(','));
  return {
    ...group,
    dns: dns.map((names) => ['PLMN-PLMN', ...names].join('/')),
    objects: group.objects.map((object, i) => ({ ...object, ldn: ldns[i] })),
  };
}

function rdnText(name: string): string {
  const escaped = name.replaceAll('\\', '\\\\').replaceAll(',', '\\,');
  return escaped.replace('-', '=');
}

function setup({ dns, ...group }: NokiaGroup, { time, text, gap, target, isSparse }: Style): string {
  const results = group.objects.map(({ values }, i) => {
    const counters = values.map((value, k) => {
      if (value.text === '') return isSparse ? '' : `<${group.counters[k]}/>`;
      return `<${group.counters[k]}>${text(value.text)}</${group.counters[k]}>`;
    });
    return `<PMMOResult><MO><DN>${escapedXml(dns[i])}</DN></MO><${target} measurementType="F">${counters.join(gap)}</${target}></PMMOResult>`;
  });
  return `<PMSetup startTime="${time(group.beginMs)}" interval="${group.granularityS / 60}">${results.join(gap)}</PMSetup>`;
}

const groups = documents({
  ne: fc.oneof(fc.constantFrom('MRBTS-123', 'BSC-1'), rdn),
  ldn: fc.stringMatching(/^\w{1,6}$/),
  counter: tag,
  value: valuesWithVectors(['', ' ', 'NIL', 'NaN', 'null']),
  suspect: fc.constant(false),
  granularityS: fc.constantFrom(900, 60, 3600, 30, 86_400),
});
const files = fc
  .tuple(groups, fc.array(objects, { minLength: 1, maxLength: 3 }), fc.array(style, { minLength: 1, maxLength: 3 }))
  .map(([all, paths, styles]): GeneratedFile => {
    const nokia = all.map((group) => named(group, paths));
    const setups = nokia.map((group, i) => setup(group, styles[i % styles.length]));
    return { text: `<?xml version="1.0"?>\n<OMeS>${setups.join('\n')}</OMeS>`, groups: nokia };
  });

describe('any file of nokia-omes-xml', () => {
  itReadsAnyFile({
    name: 'nokia-omes-xml',
    files,
    units: XML_UNITS,
    snippets: [
      ...XML_SNIPPETS,
      ...['<PMSetup startTime="2026-11-20T00:00:00Z" interval="15">', '</PMSetup>', '<PMMOResult>', '</PMMOResult>'],
      ...[
        '<MO><DN>PLMN-PLMN/RNC-1/WBTS-2</DN></MO>',
        '<DN>',
        '</DN>',
        '<PMTarget>',
        '</PMTarget>',
        '<M1>5</M1>',
        'RNC-',
      ],
      ...['<baseId>NE-A-1</baseId>', '<localMoid>DN:B-2</localMoid>', 'interval="0"', 'measurementType="G"', '/', '-'],
    ],
    filler: { behind: '<OMeS>', text: xmlFiller },
  });
});
