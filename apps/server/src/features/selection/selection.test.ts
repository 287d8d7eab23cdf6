import { describe, expect, it } from 'vitest';
import { PegboardError } from '../../platform/errors.ts';
import type { MeasuredObject, NetworkElement, Peg } from '../../stores/kpi/kpi-store.ts';
import { type Catalogue, resolveSelection, type SelectionRequest } from './selection.ts';

const DN = 'SubNetwork=1,ManagedElement=Seoul\\,East';

function ne(id: number, name: string, userLabel: string | null = null): NetworkElement {
  return { id, name, userLabel, vendor: null, swVersion: null };
}

function object(id: number, element: NetworkElement, ldn: string, cellId: string | null): MeasuredObject {
  return { id, neId: element.id, ne: element.name, ldn, objectClass: 'NRCellDU', cellId, rat: 'NR' };
}

function peg(id: number, family: string, name: string): Peg {
  const unknown = {
    rat: null,
    unit: null,
    kind: null,
    polarity: null,
    weight: null,
    thresholds: null,
    base: name,
    dimensions: {},
    isTotal: false,
    weightedBy: null,
    category: null,
    description: null,
  };
  return { id, name, family, critical: false, ...unknown };
}

const A = ne(1, 'gnb#1', 'North');
const B = ne(2, DN, 'South');
const C = ne(3, 'South/West', 'North');
const catalogue: Catalogue = {
  networkElements: [A, B, C],
  objects: [
    object(10, A, 'NRCellDU=20', '20'),
    object(11, A, 'NRCellCU=20', '20'),
    object(12, A, 'NRCellDU=200', '200'),
    object(13, A, 'Board=1', null),
    object(20, B, 'NRCellDU=20', '20'),
    object(30, C, 'NRCellDU=7', '7'),
  ],
  pegs: [
    peg(1, 'DU', 'Thru'),
    peg(2, 'CU', 'Thru'),
    peg(3, 'DU', 'RRC.Att'),
    peg(4, 'DU', 'RRC.Succ'),
    peg(5, 'DU', 'What?'),
  ],
};

const objectsOf = (request: SelectionRequest) =>
  resolveSelection(catalogue, request).objects?.map(({ id }) => id) ?? null;
const pegsOf = (...pegs: string[]) => resolveSelection(catalogue, { pegs }).pegs?.map(({ id }) => id) ?? null;

function refusal(request: SelectionRequest): PegboardError {
  try {
    resolveSelection(catalogue, request);
  } catch (error) {
    if (error instanceof PegboardError) return error;
    throw error;
  }
  throw new Error('not refused');
}

describe('resolveSelection', () => {
  it('takes nothing named for all', () => {
    expect(resolveSelection(catalogue, {})).toEqual({ objects: null, pegs: null });
  });

  it.each([
    ['its name', 'gnb#1', [10, 11, 12, 13]],
    ['its label', 'South', [20]],
    ['the last RDN of its name, escaped comma and all', 'Seoul\\,East', [20]],
    ['a name with a separator', 'South/West', [30]],
  ])('finds a network element by %s', (_by, name, expected) => {
    expect(objectsOf({ ne: [name] })).toEqual(expected);
  });

  it.each([
    ['its exact id, on all network elements', { cells: ['20'] }, [10, 11, 20]],
    ['its id within the network elements named', { cells: ['20'], ne: ['South'] }, [20]],
    ['NE/cell', { cells: ['South/20'] }, [20]],
    ['NE#cell, where the name has the separator too', { cells: ['gnb#1#200'] }, [12]],
    ['NE/cell, where the name has the separator too', { cells: ['South/West/7'] }, [30]],
    ['several ids', { cells: ['7', '200'] }, [12, 30]],
  ])('finds a cell by %s', (_by, request, expected) => {
    expect(objectsOf(request)).toEqual(expected);
  });

  it('finds PEGs by name, by family and name, and by globs over either', () => {
    expect(pegsOf('RRC.Att')).toEqual([3]);
    expect(pegsOf('CU/Thru')).toEqual([2]);
    expect(pegsOf('RRC.*')).toEqual([3, 4]);
    expect(pegsOf('DU/*')).toEqual([1, 3, 4, 5]);
    expect(pegsOf('Th?u')).toEqual([1, 2]);
    expect(pegsOf('What?')).toEqual([5]);
    expect(pegsOf('RRC.*', 'RRC.Att')).toEqual([3, 4]);
  });

  it('names all that is unknown at once, each with suggestions', () => {
    const error = refusal({ ne: ['gnb#2'], pegs: ['RRC.Attt', 'Nothing.Like.It'] });
    expect(error.code).toBe('UNKNOWN_NAME');
    expect(error.details).toEqual([
      { path: 'ne', message: "unknown network element 'gnb#2'; did you mean 'gnb#1'?", suggestions: ['gnb#1'] },
      { path: 'pegs', message: "unknown PEG 'RRC.Attt'; did you mean 'RRC.Att'?", suggestions: ['RRC.Att'] },
      { path: 'pegs', message: "unknown PEG 'Nothing.Like.It'", suggestions: [] },
    ]);
  });

  it('does not take a part of a cell id for a cell, nor the cell of another network element', () => {
    expect(refusal({ cells: ['2'] }).details).toMatchObject([{ path: 'cellid', suggestions: ['20'] }]);
    expect(refusal({ cells: ['200'], ne: ['South'] }).code).toBe('UNKNOWN_NAME');
    expect(refusal({ cells: ['South/7'] }).code).toBe('UNKNOWN_NAME');
  });

  it('says what an ambiguous name could mean', () => {
    expect(refusal({ pegs: ['Thru'] })).toMatchObject({
      code: 'UNPROCESSABLE',
      details: [{ suggestions: ['CU/Thru', 'DU/Thru'] }],
    });
    expect(refusal({ ne: ['North'] })).toMatchObject({
      code: 'UNPROCESSABLE',
      details: [{ suggestions: ['gnb#1', 'South/West'] }],
    });
  });
});
