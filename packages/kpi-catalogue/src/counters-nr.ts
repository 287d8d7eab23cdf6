import type { CounterDefinition } from './catalogue-types.ts';
import { counterEntries } from './counter-entries.ts';

const { count, amount, gauge, derived } = counterEntries('NR');
const CAUSE = { dimensions: ['CAUSE'] } as const;
const FLOW = { dimensions: ['5QI', 'SNSSAI'] } as const;
const LOAD = { dimensions: ['5QI', 'SNSSAI', 'PLMN'] } as const;
const DL = 'DRB.PdcpSduVolumeDL';
const UL = 'DRB.PdcpSduVolumeUL';
const SECONDS_OR_MS = 'seconds in TS 28.552; E2 nodes deliver milliseconds';
const MBIT_OR_KBIT = 'Mbit in TS 28.552; E2 nodes deliver kbit';
const DELAY = {
  ...LOAD,
  unitUnverified: true,
  note: 'tenths of a millisecond; some nodes deliver milliseconds',
} as const;
const LOSS = { ...LOAD, unitUnverified: true, note: 'lost packets per million' } as const;

/** Counters of TS 28.552 that the NR KPIs stand on, and the two of a vendor that one of them needs. */
export const NR_COUNTERS: readonly CounterDefinition[] = [
  count('RRC.ConnEstabAtt', '28.552 5.1.1.15.1', CAUSE),
  count('RRC.ConnEstabSucc', '28.552 5.1.1.15.2', CAUSE),
  count('RRC.ReEstabAtt', '28.552 5.1.1.17.1'),
  count('RRC.ReEstabSuccWithUeContext', '28.552 5.1.1.17.2'),
  count('RRC.ReEstabSuccWithoutUeContext', '28.552 5.1.1.17.3'),
  gauge('RRC.ConnMean', '1', '28.552 5.1.1.4.1', { dimensions: ['PLMN'] }),
  gauge('RRC.ConnMax', '1', '28.552 5.1.1.4.2', {
    dimensions: ['PLMN'],
    note: 'a maximum: its mean over time is a mean of maxima',
  }),
  count('UECNTX.ConnEstabAtt', '28.552 5.1.1.16.1', CAUSE),
  count('UECNTX.ConnEstabSucc', '28.552 5.1.1.16.2', CAUSE),
  count('SM.PDUSessionSetupReq', '28.552 5.1.1.5.1', { dimensions: ['SNSSAI'] }),
  count('SM.PDUSessionSetupSucc', '28.552 5.1.1.5.2', { dimensions: ['SNSSAI'] }),
  count('DRB.EstabAtt', '28.552 5.1.1.10.1', FLOW),
  count('DRB.EstabSucc', '28.552 5.1.1.10.2', FLOW),
  count('DRB.RelActNbr', '28.552 5.1.1.10.3', FLOW),
  amount('DRB.SessionTime', 's', '28.552 5.1.1.10.4', { ...FLOW, unitUnverified: true, note: SECONDS_OR_MS }),
  count('QF.EstabAttNbr', '28.552 5.1.1.13.3.1', FLOW),
  count('QF.EstabSuccNbr', '28.552 5.1.1.13.3.2', FLOW),
  count('QF.InitialEstabAttNbr', '28.552 5.1.1.13.3.4', FLOW),
  count('QF.InitialEstabSuccNbr', '28.552 5.1.1.13.3.5', FLOW),
  count('QF.RelActNbr', '28.552 5.1.1.13.1.1', { dimensions: ['5QI'] }),
  amount('QF.SessionTimeQoS', 's', '28.552 5.1.1.13.2.1', {
    dimensions: ['5QI'],
    unitUnverified: true,
    note: SECONDS_OR_MS,
  }),
  amount('QF.SessionTimeUE', 's', '28.552 5.1.1.13.2.2', { unitUnverified: true, note: SECONDS_OR_MS }),
  count('MM.HoPrepInterReq', '28.552 5.1.1.6.1.1'),
  count('MM.HoPrepInterSucc', '28.552 5.1.1.6.1.2'),
  count('MM.HoExeInterReq', '28.552 5.1.1.6.1.7'),
  count('MM.HoExeInterSucc', '28.552 5.1.1.6.1.8'),
  count('MM.HoExeIntraReq', '28.552 5.1.1.6.2.1'),
  count('MM.HoExeIntraSucc', '28.552 5.1.1.6.2.2'),
  count('MM.HoOut5gsToEpsFallbackPrepReq', '28.552 5.1.1.6.3.10'),
  count('MM.HoOutExe5gsToEpsFallbackSucc', '28.552 5.1.1.6.3.13'),
  count('HO.IntraSys.TooEarly', '28.552 5.1.1.25.1'),
  count('HO.IntraSys.TooLate', '28.552 5.1.1.25.1'),
  count('HO.IntraSys.ToWrongCell', '28.552 5.1.1.25.1'),
  derived('DRB.UEThpDl', 'kbit/s', '28.552 5.1.1.3.1', DL, LOAD),
  derived('DRB.UEThpUl', 'kbit/s', '28.552 5.1.1.3.3', UL, LOAD),
  gauge('RRU.PrbTotDl', '%', '28.552 5.1.1.2.1'),
  gauge('RRU.PrbTotUl', '%', '28.552 5.1.1.2.2'),
  derived('DRB.AirIfDelayDl', '0.1 ms', '28.552 5.1.1.1.1', DL, DELAY),
  derived('DRB.AirIfDelayUl', '0.1 ms', '28.552 5.1.1.1.3', UL, DELAY),
  derived('DRB.RlcSduDelayDl', '0.1 ms', '28.552 5.1.3.3.3', DL, DELAY),
  derived('DRB.RlcDelayUl', '0.1 ms', '28.552 5.1.1.1.4', UL, DELAY),
  count('TB.TotNbrDlInitial', '28.552 5.1.1.7.1'),
  count('TB.IntialErrNbrDl', '28.552 5.1.1.7.2', { note: 'the standard spells it so' }),
  count('TB.ResidualErrNbrDl', '28.552 5.1.1.7.5'),
  count('TB.TotNbrUlInit', '28.552 5.1.1.7.6'),
  count('TB.ErrNbrUlInitial', '28.552 5.1.1.7.7'),
  count('TB.ResidualErrNbrUl', '28.552 5.1.1.7.10'),
  count('CARR.WBCQIDist', '28.552 5.1.1.11.1', {
    dimensions: ['CQI', 'RANK', 'TABLE'],
    note: 'the index means another quality in each CQI table',
  }),
  derived('DRB.PacketLossRateUl', 'ppm', '28.552 5.1.3.1.1', UL, LOSS),
  derived('DRB.F1UpacketLossRateUl', 'ppm', '28.552 5.1.3.1.2', UL, LOSS),
  derived('DRB.F1UpacketLossRateDl', 'ppm', '28.552 5.1.3.1.3', DL, LOSS),
  derived('DRB.RlcPacketDropRateDl', 'ppm', '28.552 5.1.3.2.2', DL, LOSS),
  amount(DL, 'Mbit', '28.552 5.1.2.1.1.1', { ...LOAD, unitUnverified: true, note: MBIT_OR_KBIT }),
  amount(UL, 'Mbit', '28.552 5.1.2.1.2.1', { ...LOAD, unitUnverified: true, note: MBIT_OR_KBIT }),
  amount('PEE.Energy', 'kWh', '28.552 5.1.1.19.3', {
    note: 'energy of the granularity period, of the node and not of a cell: it sums, though lists call it a status',
  }),
  amount('pmCellDowntimeAuto', 's', 'Ericsson', { note: 'downtime for faults' }),
  amount('pmCellDowntimeMan', 's', 'Ericsson', { note: 'downtime for locking by people' }),
];
