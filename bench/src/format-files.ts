import { seededRandom } from './measure.ts';

/** Samples of one network element: periods of 15 minutes × cells × counters, whole numbers and fractions. */
export interface NodeSamples {
  readonly ne: string;
  readonly beginMs: number;
  readonly counters: readonly string[];
  /** By period, then cell, then counter. */
  readonly values: readonly (readonly (readonly string[])[])[];
}

const PERIOD_MS = 900_000;
const PERIODS = 4;
const CELLS = 24;
const COUNTERS = 100;

export const VALUES_A_FILE = PERIODS * CELLS * COUNTERS;

/** Samples that depend on the number of the node alone. Half of them are 0, as in real files, and a tenth fractions. */
export function nodeSamples(node: number): NodeSamples {
  const random = seededRandom(node);
  const value = () => {
    const draw = random();
    if (draw < 0.5) return '0';
    return draw < 0.9 ? String(Math.floor(10 ** (draw * 6))) : (draw * 100).toFixed(3);
  };
  const series = <T>(length: number, make: (i: number) => T) => Array.from({ length }, (_, i) => make(i));
  return {
    ne: `node-${node}`,
    beginMs: Date.UTC(2026, 0, 1),
    counters: series(COUNTERS, (i) => `pmCounterNumber${i}`),
    values: series(PERIODS, () => series(CELLS, () => series(COUNTERS, value))),
  };
}

/** Each format: how it writes the samples of a node. */
export const FORMAT_FILES: Readonly<Record<string, (samples: NodeSamples) => string>> = {
  '3gpp-32.435-xml': (samples) =>
    measurementFile(samples, 'measCollecFile', 'archive/32_series/32.435#measCollec', 'managedElement', 'measCollec'),
  '3gpp-28.532-xml': (samples) =>
    measurementFile(samples, 'measDataFile', 'archive/28_series/28.532#measData', 'measEntity', 'measData'),
  '3gpp-32.401-mdc-xml': mdcFile,
  'nokia-omes-xml': omesFile,
  'ves-perf3gpp-json': vesFile,
  'csv-long': longCsv,
  'csv-wide': wideCsv,
  'csv-slots': slotsCsv,
};

const instant = (utcMs: number) => `${new Date(utcMs).toISOString().slice(0, 19)}Z`;
const beginOf = ({ beginMs }: NodeSamples, period: number) => beginMs + period * PERIOD_MS;

function measurementFile(
  samples: NodeSamples,
  root: string,
  namespace: string,
  element: string,
  times: string,
): string {
  const { ne, counters, values } = samples;
  const types = counters.map((name, i) => `      <measType p="${i + 1}">${name}</measType>\n`).join('');
  const infos = values.map((cells, period) => {
    const end = instant(beginOf(samples, period + 1));
    const objects = cells.map((row, cell) => {
      const results = row.map((value, i) => `        <r p="${i + 1}">${value}</r>\n`).join('');
      return `      <measValue measObjLdn="NRCellDU=${cell}">\n${results}      </measValue>\n`;
    });
    return `    <measInfo>\n      <granPeriod duration="PT900S" endTime="${end}"/>\n${types}${objects.join('')}    </measInfo>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<${root} xmlns="http://www.3gpp.org/ftp/specs/${namespace}">
  <fileHeader fileFormatVersion="V10.0"><fileSender localDn="${ne}"/><${times} beginTime="${instant(samples.beginMs)}"/></fileHeader>
  <measData>
    <${element} localDn="${ne}"/>
${infos.join('')}  </measData>
  <fileFooter><${times} endTime="${instant(beginOf(samples, values.length))}"/></fileFooter>
</${root}>
`;
}

function mdcFile(samples: NodeSamples): string {
  const compact = (utcMs: number) => instant(utcMs).replaceAll(/[-:T]/g, '');
  const types = samples.counters.map((name) => `<mt>${name}</mt>\n`).join('');
  const infos = samples.values.map((cells, period) => {
    const objects = cells.map(
      (row, cell) => `<mv><moid>NRCellDU=${cell}</moid>\n${row.map((value) => `<r>${value}</r>\n`).join('')}</mv>\n`,
    );
    return `<mi><mts>${compact(beginOf(samples, period + 1))}</mts><gp>900</gp>\n${types}${objects.join('')}</mi>\n`;
  });
  return `<?xml version="1.0"?>\n<mdc>\n<mfh><sn>${samples.ne}</sn></mfh>\n<md><neid><nedn>${samples.ne}</nedn></neid>\n${infos.join('')}</md>\n<mff/>\n</mdc>\n`;
}

function omesFile(samples: NodeSamples): string {
  const setups = samples.values.map((cells, period) => {
    const results = cells.map((row, cell) => {
      const counters = row.map((value, i) => `<${samples.counters[i]}>${value}</${samples.counters[i]}>\n`).join('');
      return `<PMMOResult><MO><DN>${samples.ne}/NRCellDU-${cell}</DN></MO>\n<PMTarget measurementType="NRCellDU">\n${counters}</PMTarget></PMMOResult>\n`;
    });
    return `<PMSetup startTime="${instant(beginOf(samples, period))}" interval="15">\n${results.join('')}</PMSetup>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<OMeS version="2.3">\n${setups.join('')}</OMeS>\n`;
}

function vesFile(samples: NodeSamples): string {
  const events = samples.values.map((cells, period) => ({
    commonEventHeader: { domain: 'perf3gpp', startEpochMicrosec: beginOf(samples, period) * 1000 },
    perf3gppFields: {
      measDataCollection: {
        granularityPeriod: 900,
        measuredEntityDn: samples.ne,
        measInfoList: [
          {
            measTypes: { sMeasTypesList: samples.counters },
            measValuesList: cells.map((row, cell) => ({
              measObjInstId: `NRCellDU=${cell}`,
              measResults: row.map((sValue, i) => ({ p: i + 1, sValue })),
            })),
          },
        ],
      },
    },
  }));
  return events.map((event) => `${JSON.stringify({ event })}\n`).join('');
}

function longCsv(samples: NodeSamples): string {
  const rows = samples.values.flatMap((cells, period) => {
    const begin = instant(beginOf(samples, period));
    return cells.flatMap((row, cell) =>
      row.map((value, i) => `${begin},${samples.ne},NRCellDU=${cell},${samples.counters[i]},${value}\n`),
    );
  });
  return `timestamp,ne,object,peg,value\n${rows.join('')}`;
}

function wideCsv(samples: NodeSamples): string {
  const rows = samples.values.flatMap((cells, period) => {
    const begin = instant(beginOf(samples, period));
    return cells.map((row, cell) => `${begin},${samples.ne},NRCellDU=${cell},${row.join(',')}\n`);
  });
  return `timestamp,ne,object,${samples.counters.join(',')}\n${rows.join('')}`;
}

function slotsCsv(samples: NodeSamples): string {
  const times = samples.values.map((_, period) => instant(beginOf(samples, period)));
  const rows = samples.values[0].flatMap((row, cell) =>
    row.map((_, i) => {
      const slots = samples.values.map((cells) => cells[cell][i]);
      return `${samples.ne},NRCellDU=${cell},${samples.counters[i]},${slots.join(',')}\n`;
    }),
  );
  return `ne,object,peg,${times.join(',')}\n${rows.join('')}`;
}
