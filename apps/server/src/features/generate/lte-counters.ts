import { CounterTableBuilder } from './counter-builders.ts';
import type { CounterTable } from './counter-model.ts';

const CELL = 'EUtranCellFDD';

/** Mean of a healthy cell's wideband CQI histogram lies near 9.5. */
const CQI_SHARES = [2, 4, 8, 16, 28, 48, 75, 105, 125, 130, 120, 100, 85, 65, 50, 32] as const;

/**
 * Counters of an LTE cell, the most important first. Names and clauses: TS 32.425. Rates and levels are those of a
 * typical loaded macro cell, per 900 s.
 */
export const LTE_COUNTERS: CounterTable = new CounterTableBuilder('LTE')
  .procedure(CELL, {
    attempts: ['RRC.ConnEstabAtt.sum', 'Attempted RRC connection establishments (4.1.1.1)'],
    successes: ['RRC.ConnEstabSucc.sum', 'Successful RRC connection establishments (4.1.1.2)'],
    causes: [
      ['RRC.ConnEstabFaileNBCause.Congestion', 0.4],
      ['RRC.ConnEstabFaileNBCause.Unspecified', 0.35],
    ],
    perLoad: 520,
    failureRate: 0.011,
    weight: 8,
  })
  .procedure(CELL, {
    attempts: ['ERAB.EstabInitAttNbr.sum', 'Initial E-RABs attempted to set up (4.2.1.1)'],
    successes: ['ERAB.EstabInitSuccNbr.sum', 'Initial E-RABs successfully set up (4.2.1.2)'],
    causes: [
      ['ERAB.EstabInitFailNbr.RadioNetwork', 0.45],
      ['ERAB.EstabInitFailNbr.Transport', 0.25],
      ['ERAB.EstabInitFailNbr.Nas', 0.15],
      ['ERAB.EstabInitFailNbr.Misc', 0.15],
    ],
    perLoad: 460,
    failureRate: 0.009,
    weight: 8,
  })
  .procedure(CELL, {
    attempts: ['S1SIG.ConnEstabAtt', 'Attempted UE-associated S1 connections (4.6.1.1)'],
    successes: ['S1SIG.ConnEstabSucc', 'Successful UE-associated S1 connections (4.6.1.2)'],
    perLoad: 480,
    failureRate: 0.004,
    weight: 7,
  })
  .procedure(CELL, {
    attempts: ['ERAB.RelAttNbr.sum', 'E-RABs requested to release (4.2.2.3)'],
    failures: ['ERAB.RelActNbr.sum', 'Abnormally released active E-RABs, i.e. drops (4.2.2.6)'],
    perLoad: 580,
    failureRate: 0.006,
    weight: 9,
  })
  .amount(CELL, ['ERAB.SessionTimeUE', 'In-session time of UEs (4.2.4.1)'], 's', 18_000, 0.04)
  .procedure(CELL, {
    attempts: ['ERAB.EstabAddAttNbr.sum', 'Additional E-RABs attempted to set up (4.2.1.4)'],
    successes: ['ERAB.EstabAddSuccNbr.sum', 'Additional E-RABs successfully set up (4.2.1.5)'],
    perLoad: 130,
    failureRate: 0.011,
    weight: 6,
  })
  .procedure(CELL, {
    attempts: ['HO.InterEnbOutPrepAtt', 'Attempted inter-eNB handover preparations (4.3.1.2)'],
    successes: ['HO.InterEnbOutPrepSucc.sum', 'Successful inter-eNB handover preparations (vendor name)'],
    perLoad: 170,
    failureRate: 0.014,
    weight: 5,
  })
  .procedure(CELL, {
    attempts: ['HO.InterEnbOutAtt.sum', 'Attempted inter-eNB handovers (4.3.1.2)'],
    successes: ['HO.InterEnbOutSucc.sum', 'Successful inter-eNB handovers (4.3.1.2)'],
    perLoad: 166,
    failureRate: 0.019,
    weight: 8,
  })
  .procedure(CELL, {
    attempts: ['HO.IntraEnbOutAtt.sum', 'Attempted intra-eNB handovers (4.3.1.1)'],
    successes: ['HO.IntraEnbOutSucc.sum', 'Successful intra-eNB handovers (4.3.1.1)'],
    perLoad: 240,
    failureRate: 0.012,
    weight: 7,
  })
  .prb(CELL, ['RRU.PrbTotDl', 'Downlink PRBs used of those available (4.5.3)'], 0.45)
  .prb(CELL, ['RRU.PrbTotUl', 'Uplink PRBs used of those available (4.5.4)'], 0.26)
  .amount(CELL, ['DRB.IPVolDl', 'Downlink IP volume of bursts (4.4.6.3)'], 'kbit', 26_000_000, 0.08)
  .amount(CELL, ['DRB.IPVolUl', 'Uplink IP volume of bursts (4.4.6.4)'], 'kbit', 3_400_000, 0.08)
  .level(CELL, ['DRB.IPThpDl', 'Downlink IP throughput (4.4.6.1)'], 'kbit/s', 'higher_better', 8, {
    driver: 'prb',
    base: 34_000,
    slope: -0.3,
    noise: 0.05,
    cellSpread: 0.25,
    decimals: 1,
  })
  .level(CELL, ['DRB.IPThpUl', 'Uplink IP throughput (4.4.6.2)'], 'kbit/s', 'higher_better', 7, {
    driver: 'prb',
    base: 7_200,
    slope: -0.3,
    noise: 0.06,
    cellSpread: 0.25,
    decimals: 1,
  })
  .asDerived('DRB.IPThpDl')
  .asDerived('DRB.IPThpUl')
  .activeTime(CELL, ['DRB.IPTimeDl', 'Time of downlink IP bursts (4.4.6.5)'], 'DRB.IPVolDl', 'DRB.IPThpDl')
  .activeTime(CELL, ['DRB.IPTimeUl', 'Time of uplink IP bursts (4.4.6.6)'], 'DRB.IPVolUl', 'DRB.IPThpUl')
  .level(CELL, ['RRC.ConnMean', 'Mean number of RRC connections (4.1.3.1)'], '1', 'neutral', 3, {
    driver: 'load',
    base: 62,
    noise: 0.03,
  })
  .peak(CELL, ['RRC.ConnMax', 'Maximum number of RRC connections (4.1.3.2)'], 'RRC.ConnMean')
  .procedure(CELL, {
    attempts: ['RRC.ConnReEstabAtt.sum', 'RRC re-establishment attempts (4.1.2.1)'],
    successes: ['RRC.ConnReEstabSucc.sum', 'Successful RRC re-establishments (4.1.2.2)'],
    perLoad: 16,
    failureRate: 0.18,
    weight: 5,
  })
  .level(CELL, ['DRB.PdcpSduBitrateDl', 'Downlink PDCP SDU bit rate (4.4.1.2)'], 'kbit/s', 'neutral', 3, {
    driver: 'load',
    base: 31_000,
    noise: 0.07,
    decimals: 1,
  })
  .level(CELL, ['DRB.PdcpSduBitrateUl', 'Uplink PDCP SDU bit rate (4.4.1.1)'], 'kbit/s', 'neutral', 3, {
    driver: 'load',
    base: 4_100,
    noise: 0.07,
    decimals: 1,
  })
  .level(CELL, ['DRB.IPLatDl', 'Downlink IP latency (4.4.5.1)'], 'ms', 'lower_better', 5, {
    driver: 'prb',
    base: 19,
    slope: 0.3,
    noise: 0.05,
  })
  .level(CELL, ['DRB.PdcpSduDelayDl', 'Downlink PDCP SDU delay (4.4.3.1)'], 'ms', 'lower_better', 5, {
    driver: 'prb',
    base: 24,
    slope: 0.3,
    noise: 0.05,
  })
  .rate(CELL, ['DRB.PdcpSduDropRateDl', 'Downlink PDCP SDUs dropped, per million (4.4.3.2)'], 6, 380)
  .rate(CELL, ['DRB.PdcpSduAirLossRateDl', 'Downlink PDCP SDUs lost on air, per million (4.4.4.1)'], 6, 260)
  .rate(CELL, ['DRB.PdcpSduLossRateUl', 'Uplink PDCP SDUs lost, per million (4.4.4.2)'], 6, 450)
  .procedure(CELL, {
    attempts: ['TB.TotNbrDl', 'Downlink transport blocks (4.5.7.1)'],
    failures: ['TB.ErrNbrDl', 'Downlink transport blocks in error (4.5.7.2)'],
    perLoad: 620_000,
    failureRate: 0.085,
    weight: 4,
  })
  .procedure(CELL, {
    attempts: ['TB.TotNbrUl', 'Uplink transport blocks (4.5.7.3)'],
    failures: ['TB.ErrNbrUl', 'Uplink transport blocks in error (4.5.7.4)'],
    perLoad: 310_000,
    failureRate: 0.1,
    weight: 4,
  })
  .level(CELL, ['CARR.AvgSubCQI.Subband0', 'Mean CQI of subband 0 (4.10.1)'], '1', 'higher_better', 5, {
    driver: 'prb',
    base: 9.8,
    slope: -0.05,
    noise: 0.015,
    cellSpread: 0.08,
    max: 15,
  })
  .level(CELL, ['PHY.UlInterference', 'Uplink interference a PRB (generator name)'], 'dBm', 'lower_better', 5, {
    driver: 'db',
    base: -116,
    slope: 3,
    noise: 0.4,
    cellSpread: 1.5,
  })
  .level(CELL, ['CARR.AvgTxPwr', 'Mean transmit power of the carrier (4.5.8.2)'], 'dBm', 'neutral', 2, {
    driver: 'db',
    base: 41,
    slope: 4,
    noise: 0.15,
    cellSpread: 0.8,
  })
  .procedure(CELL, {
    attempts: ['PAG.ReceivedNbr', 'Paging records received (4.7.2)'],
    failures: ['PAG.DiscardedNbr', 'Paging records discarded (4.7.1)'],
    perLoad: 6_400,
    failureRate: 0.002,
    weight: 3,
  })
  .causes(CELL, 6, [
    ['RRC.ConnEstabFaileNBCause.Congestion', 'Failed RRC establishments: congestion, name spelled so (4.1.1.3)'],
    ['RRC.ConnEstabFaileNBCause.Unspecified', 'Failed RRC establishments: unspecified, name spelled so (4.1.1.3)'],
  ])
  .causes(CELL, 6, [
    ['ERAB.EstabInitFailNbr.RadioNetwork', 'Initial E-RABs failed to set up: radio network cause (4.2.1.3)'],
    ['ERAB.EstabInitFailNbr.Transport', 'Initial E-RABs failed to set up: transport cause (4.2.1.3)'],
    ['ERAB.EstabInitFailNbr.Nas', 'Initial E-RABs failed to set up: NAS cause (4.2.1.3)'],
    ['ERAB.EstabInitFailNbr.Misc', 'Initial E-RABs failed to set up: other causes (4.2.1.3)'],
  ])
  .level(CELL, ['DRB.UEActiveDl.sum', 'Mean active UEs in the downlink (4.4.2.1)'], '1', 'neutral', 3, {
    driver: 'load',
    base: 11,
    noise: 0.05,
  })
  .level(CELL, ['DRB.UEActiveUl.sum', 'Mean active UEs in the uplink (4.4.2.2)'], '1', 'neutral', 3, {
    driver: 'load',
    base: 7,
    noise: 0.05,
  })
  .count(CELL, ['HO.OutFail.TooEarly', 'Handovers failed: too early (4.3.1.3)'], 'lower_better', 4, 1.6)
  .count(CELL, ['HO.OutFail.TooLate', 'Handovers failed: too late (4.3.1.3)'], 'lower_better', 4, 2.1)
  .count(CELL, ['HO.OutFail.ToWrongCell', 'Handovers failed: to a wrong cell (4.3.1.3)'], 'lower_better', 4, 0.9)
  .level(CELL, ['RRU.RachPreambleAMean', 'Mean RACH preambles of group A a second (4.5.5)'], '1/s', 'neutral', 2, {
    driver: 'load',
    base: 1.3,
    noise: 0.05,
    decimals: 3,
  })
  .procedure(CELL, {
    attempts: ['HO.IntraFreqOutAtt', 'Attempted intra-frequency handovers (4.3.1.4)'],
    successes: ['HO.IntraFreqOutSucc', 'Successful intra-frequency handovers (4.3.1.4)'],
    perLoad: 310,
    failureRate: 0.013,
    weight: 5,
  })
  .level(CELL, ['RRC.ConnEstabTimeMean.sum', 'Mean RRC connection set-up time (4.1.4.1)'], 'ms', 'lower_better', 4, {
    driver: 'prb',
    base: 48,
    slope: 0.2,
    noise: 0.04,
  })
  .count(CELL, ['UECNTX.RelSuccNbr', 'Successful UE context releases (4.1.5.2)'], 'neutral', 2, 470)
  .histogram(CELL, 'CARR.WBCQIDist', 'Wideband CQI reports (4.10.1)', 52_000, CQI_SHARES)
  .procedure(CELL, {
    attempts: ['HO.InterFreqMeasGapOutAtt', 'Attempted inter-frequency handovers with gaps (4.3.1.4)'],
    successes: ['HO.InterFreqMeasGapOutSucc', 'Successful inter-frequency handovers with gaps (4.3.1.4)'],
    perLoad: 90,
    failureRate: 0.02,
    weight: 5,
  })
  .procedure(CELL, {
    attempts: ['ERAB.EstabIncHoAttNbr.sum', 'E-RABs attempted to set up by incoming handover (4.2.1.8)'],
    successes: ['ERAB.EstabIncHoSuccNbr.sum', 'E-RABs set up by incoming handover (4.2.1.9)'],
    perLoad: 410,
    failureRate: 0.008,
    weight: 5,
  })
  .procedure(CELL, {
    attempts: ['ERAB.ModQosAttNbr.sum', 'E-RABs attempted to modify (4.2.3.1)'],
    successes: ['ERAB.ModQosSuccNbr.sum', 'E-RABs successfully modified (4.2.3.2)'],
    perLoad: 60,
    failureRate: 0.01,
    weight: 4,
  })
  .procedure(CELL, {
    attempts: ['HO.IartOutAtt.sum', 'Attempted inter-RAT handovers (4.3.2.1)'],
    successes: ['HO.IartOutSucc.sum', 'Successful inter-RAT handovers (4.3.2.2)'],
    perLoad: 18,
    failureRate: 0.04,
    weight: 5,
  })
  .build();
