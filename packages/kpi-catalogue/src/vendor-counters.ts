import type { Dimension, Rat, VendorCounter } from './catalogue-types.ts';

interface Extras {
  readonly dimension?: { readonly from: Dimension; readonly to: string };
  readonly note?: string;
}

function vendorCounter(vendor: string, rat: Rat, counter: string, formula: string, extras: Extras = {}): VendorCounter {
  return { vendor, rat, counter, formula, dimension: extras.dimension ?? null, note: extras.note ?? null };
}

const ericsson = (rat: Rat, counter: string, formula: string, extras?: Extras) =>
  vendorCounter('Ericsson', rat, counter, formula, extras);
const samsung = (rat: Rat, counter: string, formula: string, extras?: Extras) =>
  vendorCounter('Samsung', rat, counter, formula, extras);

const BY_5QI = { dimension: { from: '5QI', to: 'index' } } as const;
const REATTEMPTS = { note: 're-attempts of one UE are not counted again' } as const;
const INDEX_OF_5QI = { ...BY_5QI, note: 'a vector over 5QIs' } as const;
const BY_DL_PRB_RANK = {
  dimension: { from: 'CQI', to: 'index' },
  note: 'reports of rank 1 with the 64QAM table only',
} as const;

/**
 * Vendor names of the catalogue's counters. A start, not a list of all: Ericsson's names from public sample files,
 * Samsung's from exports whose names are public. Every formula is in the unit of the counter it stands for.
 */
export const VENDOR_COUNTERS: readonly VendorCounter[] = [
  ericsson('LTE', 'RRC.ConnEstabAtt.sum', 'pmRrcConnEstabAtt - pmRrcConnEstabAttReatt', REATTEMPTS),
  ericsson('LTE', 'RRC.ConnEstabSucc.sum', 'pmRrcConnEstabSucc'),
  ericsson('LTE', 'RRU.CellUnavailableTime.sum', 'pmCellDowntimeAuto + pmCellDowntimeMan'),
  ericsson('NR', 'RRC.ConnEstabAtt', 'pmRrcConnEstabAtt - pmRrcConnEstabAttReatt', REATTEMPTS),
  ericsson('NR', 'RRC.ConnEstabSucc', 'pmRrcConnEstabSucc'),
  ericsson('NR', 'DRB.EstabAtt', 'pmDrbEstabAtt5qi{index=*}', INDEX_OF_5QI),
  ericsson('NR', 'DRB.EstabSucc', 'pmDrbEstabSucc5qi{index=*}', INDEX_OF_5QI),
  ericsson('NR', 'DRB.RelActNbr', 'pmDrbRelAbnormalGnbAct5qi{index=*}', {
    ...BY_5QI,
    note: 'releases by the gNB; those by the AMF are counted apart',
  }),
  ericsson('NR', 'MM.HoPrepInterReq', 'pmHoPrepAttOutInterGnb'),
  ericsson('NR', 'MM.HoPrepInterSucc', 'pmHoPrepSuccOutInterGnb'),
  ericsson('NR', 'MM.HoExeInterReq', 'pmHoExeAttOutInterGnb'),
  ericsson('NR', 'MM.HoExeInterSucc', 'pmHoExeSuccOutInterGnb'),
  ericsson('NR', 'RRC.ConnMean', 'pmRrcConnLevelSumSa/pmRrcConnLevelSamp', { note: 'standalone connections' }),
  ericsson('NR', 'CARR.WBCQIDist', 'pmRadioUeRepCqi64QamRank1Distr{index=*}', BY_DL_PRB_RANK),
  samsung('LTE', 'RRC.ConnEstabAtt.sum', 'ConnEstabAtt'),
  samsung('LTE', 'RRC.ConnEstabSucc.sum', 'ConnEstabSucc'),
  samsung('NR', 'RRC.ConnEstabAtt', 'ConnEstabAtt'),
  samsung('NR', 'RRC.ConnEstabSucc', 'ConnEstabSucc'),
  samsung('NR', 'RRC.ConnMean', 'ConnNoAvg', { note: 'mean number of connections' }),
  samsung('NR', 'DRB.UEThpDl', "'AirMacDLThruAvg(Kbps)'", { note: 'MAC, not UE throughput: near, not the same' }),
  samsung('NR', 'DRB.UEThpUl', "'AirMacULThruAvg(Kbps)'", { note: 'MAC, not UE throughput: near, not the same' }),
  samsung('NR', 'DRB.PdcpSduVolumeDL', "'AirMacDLByte(Kbytes)'*8/1000", { note: 'MAC, not PDCP: with its overhead' }),
  samsung('NR', 'DRB.PdcpSduVolumeUL', "'AirMacULByte(Kbytes)'*8/1000", { note: 'MAC, not PDCP: with its overhead' }),
];
