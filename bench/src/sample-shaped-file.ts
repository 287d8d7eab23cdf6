import { seededRandom } from './measure.ts';

/** One `measInfo`: object class, objects, counters, and of these the vectors as `[how many, how wide]`. */
type Info = readonly [
  objectClass: string,
  objects: number,
  counters: number,
  ...vectors: readonly (readonly [number, number])[],
];

/**
 * The shape of a real gNB file (TS 32.435, 900 s, 156 kB): 34 measInfo, 125 measValue, 96 objects, 2,667 `<r>` of which
 * 409 are vectors, 11,995 numbers once they are split.
 */
const SHAPE: readonly Info[] = [
  ['NRCellCU', 4, 92],
  [
    'NRCellDU',
    4,
    164,
    [8, 17],
    [5, 21],
    [5, 16],
    [11, 8],
    [2, 4],
    [1, 5],
    [1, 20],
    [4, 32],
    [2, 273],
    [1, 24],
    [2, 10],
    [1, 12],
  ],
  ['NRSectorCarrier', 4, 16, [1, 15], [5, 40]],
  ['EUtranCellFDD', 2, 7, [2, 4], [5, 16]],
  ['NRCellDU', 4, 19, [1, 17], [2, 4], [8, 16]],
  ['EUtranCellFDD', 2, 1, [1, 16]],
  ['NRCellDU', 4, 2, [2, 16]],
  ['GNBCUCPFunction', 1, 6],
  ['NRCellCU', 4, 58],
  ['GNBDUFunction', 1, 19, [2, 20]],
  ['NRCellDU', 4, 66, [2, 20], [1, 17], [1, 37], [1, 12]],
  ['PpControlLink', 1, 8],
  ['EUtranCellFDD', 2, 48, [1, 17]],
  ['FieldReplaceableUnit', 5, 2, [1, 3]],
  ['RiEthernetPort', 4, 10],
  ['RiLink', 5, 4],
  ['RiPort', 14, 3, [1, 6]],
  ['SfpChannel', 14, 3],
  ['SfpModule', 14, 2],
  ['EthernetPort', 1, 14],
  ['InterfaceIPv4', 5, 10],
  ['SctpAssociation', 2, 12],
  ['VlanPort', 3, 9],
  ['ConsumedEnergyMeasurement', 1, 3, [1, 150]],
  ['EnergyMeter', 5, 4, [2, 150]],
  ['SupportUnit', 2, 1, [1, 3]],
  ['BbProcessingResource', 1, 25, [4, 20], [2, 48]],
  ['ENodeBFunction', 1, 22, [1, 24]],
  ['EUtranCellFDD', 2, 159, [4, 16], [22, 4], [2, 23], [1, 28], [2, 27], [1, 15], [1, 21], [1, 8]],
  ['BbProcessingResource', 1, 5],
  ['EUtranCellFDD', 2, 73, [7, 10]],
  ['GNBCUUPFunction', 1, 10],
  ['NRCellCU', 4, 1],
  ['X2UTermination', 1, 2],
];

const PERIOD_MS = 900_000;

/** One file of the shape, as bytes: NE `node-<ne>`, the given period, values that depend on the seed. */
export function sampleShapedFile(ne: number, beginMs: number, seed: number): Buffer {
  const random = seededRandom(seed);
  const begin = new Date(beginMs).toISOString().replace('.000Z', '+00:00');
  const end = new Date(beginMs + PERIOD_MS).toISOString().replace('.000Z', '+00:00');
  const infos = SHAPE.map((info, number) => measInfo(info, number, end, ne, random));
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet type="text/xsl" href="MeasDataCollection.xsl"?>
<measCollecFile xmlns="http://www.3gpp.org/ftp/specs/archive/32_series/32.435#measCollec"
                xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                xsi:schemaLocation="http://www.3gpp.org/ftp/specs/archive/32_series/32.435#measCollec">
  <fileHeader fileFormatVersion="32.435 V10.0" vendorName="Bench" dnPrefix="SubNetwork=G3">
    <fileSender localDn="node-${ne}" elementType="RadioNode"/>
    <measCollec beginTime="${begin}"/>
  </fileHeader>
  <measData>
    <managedElement localDn="node-${ne}" swVersion="1.0"/>
${infos.join('')}  </measData>
  <fileFooter>
    <measCollec endTime="${end}"/>
  </fileFooter>
</measCollecFile>
`);
}

function measInfo(
  [objectClass, objects, counters, ...vectors]: Info,
  number: number,
  end: string,
  ne: number,
  random: () => number,
): string {
  const widths = vectors.flatMap(([many, width]) => Array.from({ length: many }, () => width));
  const types = Array.from(
    { length: counters },
    (_, at) => `      <measType p="${at + 1}">pmCounterNumber${number * 200 + at}</measType>\n`,
  );
  const values = Array.from({ length: objects }, (_, object) => {
    const results = Array.from({ length: counters }, (_, at) => {
      const width = widths[at - (counters - widths.length)] ?? 1;
      const value = Array.from({ length: width }, () => count(random)).join(',');
      return `        <r p="${at + 1}">${value}</r>\n`;
    });
    return `      <measValue measObjLdn="ManagedElement=node-${ne},Function=1,${objectClass}=${object + 1}">
${results.join('')}      </measValue>
`;
  });
  return `    <measInfo measInfoId="PM=1,PmGroup=${objectClass}_${number}">
      <job jobId="bench"/>
      <granPeriod duration="PT900S"
                  endTime="${end}"/>
      <repPeriod duration="PT900S"/>
${types.join('')}${values.join('')}    </measInfo>
`;
}

/** In the real file 87 % of the numbers are 0, the others mostly small. */
function count(random: () => number): number {
  const draw = random();
  return draw < 0.87 ? 0 : Math.floor(10 ** ((draw - 0.87) * 48));
}
