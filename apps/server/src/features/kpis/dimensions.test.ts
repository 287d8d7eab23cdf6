import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CompareDocument, KpiQueryResponse, MasterPeg } from '@pegboard/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../testing/test-app.ts';
import { findFiles } from '../ingest/find-files.ts';

/** A file of TS 32.435: one granularity period from 08:00, counters of one object. */
function xml(ne: string, ldn: string, date: string, values: Readonly<Record<string, string | number>>): string {
  const names = Object.keys(values);
  return `<?xml version="1.0"?>
<measCollecFile xmlns="http://www.3gpp.org/ftp/specs/archive/32_series/32.435#measCollec">
  <fileHeader fileFormatVersion="32.435 V10.0" vendorName="Acme"><fileSender localDn="${ne}"/>
    <measCollec beginTime="${date}T08:00:00Z"/></fileHeader>
  <measData><managedElement localDn="${ne}"/><measInfo>
    <granPeriod duration="PT900S" endTime="${date}T08:15:00Z"/>
    <measTypes>${names.join(' ')}</measTypes>
    <measValue measObjLdn="${ldn}"><measResults>${Object.values(values).join(' ')}</measResults></measValue>
  </measInfo></measData>
  <fileFooter><measCollec endTime="${date}T08:15:00Z"/></fileFooter>
</measCollecFile>`;
}

/** Labels with and without a dot, a total, two partitions of the same events, causes with dots of their own, a vector. */
const ERABS = {
  'ERAB.RelActNbr.sum': 12,
  'ERAB.RelActNbr.QCI1': 2,
  'ERAB.RelActNbr.QCI9': 10,
  'ERAB.RelAttNbr.Sum': 120,
  'ERAB.RelAttNbr.QCI.1': 40,
  'ERAB.RelAttNbr.QCI.9': 80,
  'ERAB.SessionTimeUE': 7200,
  'ERAB.SessionTimeQCI.1': 3600,
  'ERAB.SessionTimeQCI.9': 7200,
  'RRC.ConnEstabAtt.mo-Data': 60,
  'RRC.ConnEstabAtt.mt-Access': 40,
  'RRC.ConnEstabSucc.mo-Data': 57,
  'RRC.ConnEstabSucc.mt-Access': 36,
  'HO.InterEnbOutAtt.1.10': 7,
  'HO.InterEnbOutAtt.1.2': 3,
};
const FLOWS = {
  'DRB.EstabAtt.sum': 30,
  'DRB.EstabAtt.5QI1': 10,
  'DRB.EstabAtt.5QI9': 20,
  'DRB.EstabAtt.01': 25,
  'DRB.EstabAtt.010003e8': 5,
  'DRB.EstabSucc.5QI1': 9,
  'DRB.EstabSucc.5QI9': 18,
  'RRC.ConnMean.45005': 4,
  'RRC.ConnMean.45008': 6,
  'RACH.PreambleDed.SSB0': 3,
  'RACH.PreambleDed.SSB1': 5,
  'CARR.WBCQIDist': '1,2,3,4,0,0,0,0,0,0,0,0,0,0,0,10',
  'Acme.Paging.Cause.timeout': 2,
  'Acme.Paging.Cause.lost': 5,
};
const CSV = `DateTime,NE,Cell,PEG,Value,QCI,PLMN,Cause
2025-08-07 08:00:00,CSV1,1,Drops,5,9,45005,
2025-08-07 08:00:00,CSV1,1,Drops,7,9,45008,
2025-08-07 08:00:00,CSV1,1,Drops,1,1,45005,
2025-08-07 08:00:00,CSV1,2,Drops,100,9,45005,
2025-08-07 08:00:00,CSV1,1,Fails,3,,,radio
2025-08-07 08:00:00,CSV1,1,Fails,4,,,core
2025-08-07 08:00:00,CSV1,1,Fails.sum,9,,,
`;

let server: TestApp;
let folder: string;
beforeAll(async () => {
  server = await createTestApp();
  folder = await mkdtemp(join(tmpdir(), 'pegboard-dimensions-'));
  const pm = join(folder, 'pm');
  await mkdir(pm);
  await writeFile(join(pm, 'drops.csv'), CSV);
  for (const [date, factor] of [
    ['2025-08-07', 1],
    ['2025-08-08', 2],
  ] as const) {
    const erabs = Object.entries(ERABS).map(([name, value]) => [name, value * factor]);
    await writeFile(join(pm, `lte-${date}.xml`), xml('ENB1', 'EUtranCellFDD=1', date, Object.fromEntries(erabs)));
  }
  await writeFile(join(pm, 'nr.xml'), xml('GNB1', 'NRCellDU=1', '2025-08-07', FLOWS));
  const report = await server.services.ingest.ingestPaths(await findFiles([pm]), { mayDescribePegs: true });
  expect(report.files.map(({ status }) => status)).toEqual(['ok', 'ok', 'ok', 'ok']);
  server.services.catalogue.forget();
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const MORNING = { start_date: '2025-08-07T00:00:00Z', end_date: '2025-08-08T00:00:00Z' };

async function query(request: object): Promise<KpiQueryResponse> {
  const answer = await server.post('viewer', '/api/kpi/query', { ...MORNING, ...request });
  expect(answer.statusCode).toBe(200);
  return answer.json();
}
const valuesOf = async (kpi: string, request: object = {}) => {
  const { data, metadata } = await query({ kpi_types: [kpi], ...request });
  return data[kpi]?.map(({ value }) => value) ?? metadata.unknown_kpi_types[0]?.reason;
};

describe('a name with dimensions', () => {
  it.each([
    ['ERAB.RelActNbr', 12],
    ['ERAB.RelActNbr{QCI=9}', 10],
    ['ERAB.RelActNbr{QCI=*}', 12],
    ['ERAB.RelActNbr.sum{qci=1}', 2],
    ['ERAB.RelAttNbr', 120],
    ['ERAB.RelAttNbr{QCI=1}', 40],
    ['RRC.ConnEstabAtt{cause=mo-Data}', 60],
    ['HO.InterEnbOutAtt{CAUSE=1.10}', 7],
    ['HO.InterEnbOutAtt', 10],
    ['DRB.EstabAtt', 30],
    ['DRB.EstabAtt{5QI=*}', 30],
    ['DRB.EstabAtt{SNSSAI=*}', 30],
    ['DRB.EstabAtt{slice=010003e8}', 5],
    ['DRB.EstabSucc', 27],
    ['RRC.ConnMean{PLMN=45008}', 6],
    ['RACH.PreambleDed{beam=1}', 5],
    ['RACH.PreambleDed{SSB=*}', 8],
    ['CARR.WBCQIDist{CQI=15}', 10],
    ['CARR.WBCQIDist{CQI=*}', 20],
    ['Acme.Paging{Cause=lost}', 5],
    ['Acme.Paging', 7],
    ["'Acme.Paging'{CAUSE=*}", 7],
  ])('%s is %d', async (name, value) => {
    expect(await valuesOf(name)).toEqual([value]);
  });

  it('selects and sums what columns of a table say, over cells too', async () => {
    const ofCell = { cellid: 'CSV1/1' };
    expect(await valuesOf('Drops{QCI=9,PLMN=45008}', ofCell)).toEqual([7]);
    expect(await valuesOf('Drops{QCI=9}', ofCell)).toEqual([12]);
    expect(await valuesOf('Drops{QCI=*}', ofCell)).toEqual([13]);
    expect(await valuesOf('Drops{PLMN=45005}', { ne: 'CSV1', by: 'ne' })).toEqual([106]);
    expect(await valuesOf('Drops', { ne: 'CSV1', by: 'ne' })).toEqual([113]);
    expect(await valuesOf('Fails{CAUSE=radio}', ofCell)).toEqual([3]);
    // The total is what the network counted; its parts are never added to it.
    expect(await valuesOf('Fails', ofCell)).toEqual([9]);
    expect(await valuesOf('Fails{cause=*}', ofCell)).toEqual([7]);
  });

  it('is a KPI for a part of its counters, and of those that it stands on', async () => {
    expect(await valuesOf('L07')).toEqual([(3600 * 12) / 10_800]);
    expect(await valuesOf('L07{QCI=9}')).toEqual([(3600 * 10) / 7200]);
    expect(await valuesOf('L08{QCI=1}')).toEqual([5]);
    expect(await valuesOf('L01{CAUSE=mt-Access}')).toEqual([90]);
    expect(await valuesOf('N04{5QI=9}')).toEqual([90]);
    const definitions = { mine: 'L08/2', 'L08{QCI=9}': 'ERAB.RelActNbr{QCI=9}*0' };
    expect(await valuesOf('mine{QCI=1}', { peg_definitions: definitions })).toEqual([2.5]);
    expect(await valuesOf('L08{QCI=9}', { peg_definitions: definitions })).toEqual([0]);
  });

  it('keeps what is known of the KPI', async () => {
    const { metadata, data } = await query({ kpi_types: 'L07{QCI=9},N04{5QI=1}', interval_minutes: 60 });
    expect(metadata).toMatchObject({
      kpi_types: ['L07{QCI=9}', 'N04{5QI=1}'],
      units: { 'L07{QCI=9}': '1/h', 'N04{5QI=1}': '%' },
      aggregation: { 'L07{QCI=9}': 'formula' },
    });
    expect(data['N04{5QI=1}']).toMatchObject([{ value: 90, numerator: 9, denominator: 10 }]);
  });

  it('is compared beside others', async () => {
    const asked = { n_minus_1: '2025-08-07', n: '2025-08-08', timezone: 'UTC' };
    const answer = await server.post('analyst', '/api/compare', {
      ...asked,
      kpis: 'L07{QCI=9}',
      pegs: ['ERAB.RelActNbr{QCI=9}', 'ERAB.RelActNbr.QCI9'],
    });
    const { results } = answer.json() as CompareDocument;
    expect(
      results.map(({ kind, peg_name, n1_period, n_period }) => [kind, peg_name, n1_period.avg, n_period.avg]),
    ).toEqual(
      expect.arrayContaining([
        ['peg', 'ERAB.RelActNbr.QCI9', 10, 20],
        ['kpi', 'ERAB.RelActNbr{QCI=9}', 10, 20],
        ['kpi', 'L07{QCI=9}', 5, 5],
      ]),
    );
    expect(results).toHaveLength(3);
    expect(results.find(({ peg_name }) => peg_name === 'L07{QCI=9}')).toMatchObject({ weight: 8 });
    const alone = await server.post('analyst', '/api/compare', { ...asked, pegs: 'ERAB.RelActNbr{QCI=*}' });
    expect((alone.json() as CompareDocument).results.map(({ peg_name }) => peg_name)).toEqual([
      'ERAB.RelActNbr{QCI=*}',
    ]);
  });
});

describe('a name with dimensions that it has not', () => {
  it.each([
    ['ERAB.RelActNbr{PLMN=45005}', /no dimension "PLMN"; it has the dimensions QCI/],
    ['ERAB.RelActNbr{QCI=77}', /no sub-counter of ERAB\.RelActNbr is .*QCI is 1, 9$/],
    ['L06{QCI=9}', /counter ERAB\.SessionTimeUE is not split by QCI/],
    ['L02{QCI=9}', /counter S1SIG\.ConnEstabSucc missing/],
    ['L16{CQI=3}', /L16 stands on CARR\.WBCQIDist\{CQI=\d+\}, of which \{CQI=3\} is no part/],
    ['ERAB.RelActNbr{QCI}', /"QCI" needs a value, like \{QCI=9\}/],
    ['ERAB.RelActNbr{QCI=9,qci=1}', /the dimension QCI is given twice/],
    ['Acme.Paging{Cause=lost}+1', undefined],
  ])('%s', async (name, reason) => {
    const { metadata } = await query({ kpi_types: [name] });
    const [unknown] = metadata.unknown_kpi_types;
    expect(unknown?.kpi_type).toBe(name);
    if (reason) expect(unknown?.reason).toMatch(reason);
    const compared = await server.post('analyst', '/api/compare', {
      ...{ n_minus_1: '2025-08-07', n: '2025-08-08', timezone: 'UTC', pegs: [name] },
    });
    const { code, details } = compared.json().error;
    expect([code, details[0].path]).toEqual([reason ? 'UNPROCESSABLE' : 'UNKNOWN_NAME', 'pegs']);
  });

  it('suggests the names that would do', async () => {
    const { metadata } = await query({ kpi_types: ['ERAB.RelActNb{QCI=9}', 'ERAB.RelActNbr{QCJ=9}'] });
    expect(metadata.unknown_kpi_types).toMatchObject([
      { kpi_type: 'ERAB.RelActNb{QCI=9}', suggestions: expect.arrayContaining(['ERAB.RelActNbr{QCI=9}']) },
      { kpi_type: 'ERAB.RelActNbr{QCJ=9}', suggestions: ['QCI'] },
    ]);
  });
});

it('tells the dimensions of every PEG under the names of the catalogue', async () => {
  const answer = await server.as('viewer', { url: '/api/master/pegs?limit=500' });
  const pegs = answer.json() as MasterPeg[];
  const dimensionsOf = (name: string) => pegs.find((peg) => peg.peg_name === name)?.dimensions;
  expect(dimensionsOf('DRB.EstabAtt.010003e8')).toEqual({ SNSSAI: '010003e8' });
  expect(dimensionsOf('Fails{Cause=radio}')).toEqual({ CAUSE: 'radio' });
  expect(dimensionsOf('RACH.PreambleDed.SSB1')).toEqual({ BEAM: '1' });
  expect(dimensionsOf('ERAB.RelActNbr.sum')).toEqual({});
});
