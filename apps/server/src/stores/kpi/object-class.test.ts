import { describe, expect, it } from 'vitest';
import { identifyObject } from './object-class.ts';

describe('identifyObject', () => {
  it.each([
    ['GNBDUFunction=1,NRCellDU=20', 'NRCellDU', '20', 'NR'],
    ['NRCellCU=20', 'NRCellCU', '20', 'NR'],
    ['nrcelldu=20', 'nrcelldu', '20', 'NR'],
    ['ENodeBFunction=1,EUtranCellFDD=7', 'EUtranCellFDD', '7', 'LTE'],
    ['EUTRANCELLTDD=7', 'EUTRANCELLTDD', '7', 'LTE'],
    ['UtranCell=3', 'UtranCell', '3', 'UMTS'],
    ['GsmCell=3', 'GsmCell', '3', 'GSM'],
    ['Cell=9', 'Cell', '9', null],
    ['LNBTS=123,LNCEL=5', 'LNCEL', '5', 'LTE'],
    ['NRBTS=7,NRCELL=1', 'NRCELL', '1', 'NR'],
    ['WCEL=3', 'WCEL', '3', 'UMTS'],
    ['BCF=2,BTS=3', 'BTS', '3', 'GSM'],
    ['GNBTS=1,GNCEL=2', 'GNCEL', '2', 'GSM'],
    ['NRDUCELL=4', 'NRDUCELL', '4', 'NR'],
    ['UCELL=4', 'UCELL', '4', 'UMTS'],
    ['ENBFunctionFDD=1,CUEUtranCellFDDLTE=6', 'CUEUtranCellFDDLTE', '6', 'LTE'],
    ['UUtranCellFDD=6', 'UUtranCellFDD', '6', 'UMTS'],
    ['gutran-du-cell=11', 'gutran-du-cell', '11', 'NR'],
    ['eutran-generic-cell=12', 'eutran-generic-cell', '12', 'LTE'],
  ])('%s is a cell', (ldn, objectClass, cellId, rat) => {
    expect(identifyObject(ldn)).toEqual({ objectClass, cellId, rat });
  });

  it.each([
    ['', 'ManagedElement', null],
    ['GNBCUCPFunction=1', 'GNBCUCPFunction', 'NR'],
    ['NRCellDU=20,NRCellRelation=5', 'NRCellRelation', 'NR'],
    ['EUtranCellFDD=7,EUtranRelation=1', 'EUtranRelation', 'LTE'],
    ['ENodeBFunction=1', 'ENodeBFunction', 'LTE'],
    ['RncFunction=1', 'RncFunction', 'UMTS'],
    ['Equipment=1,Board=2', 'Board', null],
    ['LNBTS=123', 'LNBTS', 'LTE'],
    ['LNBTS=1,LNCEL=5,ECI=77', 'ECI', null],
    ['GNBTS=1', 'GNBTS', 'GSM'],
    ['WNBTS=1', 'WNBTS', 'UMTS'],
    ['NRBTS=7', 'NRBTS', 'NR'],
    ['MRBTS=7', 'MRBTS', null],
    ['board 2', 'Object', null],
    ['a,b', 'Object', null],
    ['=5', 'Object', null],
    [' =5', 'Object', null],
    ['NRCellDU=1,', 'Object', null],
    ['constructor=1', 'constructor', null],
    ['__proto__=1', '__proto__', null],
  ])('%j is no cell', (ldn, objectClass, rat) => {
    expect(identifyObject(ldn)).toEqual({ objectClass, cellId: null, rat });
  });

  it('takes an escaped comma as part of the value', () => {
    expect(identifyObject('X=1,NRCellDU=a\\,b')).toMatchObject({ objectClass: 'NRCellDU', cellId: 'a\\,b' });
    expect(identifyObject('X=1\\,NRCellDU=2')).toMatchObject({ objectClass: 'X', cellId: null });
    expect(identifyObject('X=1\\\\,NRCellDU=2')).toMatchObject({ objectClass: 'NRCellDU', cellId: '2' });
  });

  it('takes the value after the first equals sign, without blanks around', () => {
    expect(identifyObject('A=1, NRCellDU = 20 ')).toMatchObject({ objectClass: 'NRCellDU', cellId: '20' });
    expect(identifyObject('NRCellDU=a=b')).toMatchObject({ cellId: 'a=b' });
    expect(identifyObject('NRCellDU=')).toEqual({ objectClass: 'NRCellDU', cellId: null, rat: 'NR' });
  });
});
