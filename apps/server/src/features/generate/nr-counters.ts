import { CounterTableBuilder } from './counter-builders.ts';
import type { CounterTable } from './counter-model.ts';

const CU = 'NRCellCU';
const DU = 'NRCellDU';

/** Mean of a healthy cell's wideband CQI histogram lies near 10. */
const CQI_SHARES = [2, 3, 6, 12, 22, 40, 65, 95, 120, 130, 125, 110, 95, 75, 60, 40] as const;

/**
 * Counters of an NR cell, the most important first. Names and clauses: TS 28.552. Rates and levels are those of a
 * typical loaded macro cell, per 900 s.
 */
export const NR_COUNTERS: CounterTable = new CounterTableBuilder('NR')
  .procedure(CU, {
    attempts: ['RRC.ConnEstabAtt', 'Attempted RRC connection establishments (5.1.1.15.1)'],
    successes: ['RRC.ConnEstabSucc', 'Successful RRC connection establishments (5.1.1.15.2)'],
    causes: [
      ['RRC.ConnEstabFailCause.NetworkReject', 0.45],
      ['RRC.ConnEstabFailCause.NoReply', 0.35],
      ['RRC.ConnEstabFailCause.Other', 0.2],
    ],
    perLoad: 420,
    failureRate: 0.012,
    weight: 8,
  })
  .procedure(CU, {
    attempts: ['SM.PDUSessionSetupReq', 'PDU sessions requested to set up (5.1.1.5.1)'],
    successes: ['SM.PDUSessionSetupSucc', 'PDU sessions successfully set up (5.1.1.5.2)'],
    causes: [
      ['SM.PDUSessionSetupFail.RadioNetwork', 0.55],
      ['SM.PDUSessionSetupFail.Transport', 0.25],
      ['SM.PDUSessionSetupFail.Misc', 0.2],
    ],
    perLoad: 300,
    failureRate: 0.01,
    weight: 8,
  })
  .procedure(CU, {
    attempts: ['DRB.EstabAtt', 'DRBs attempted to set up (5.1.1.10.1)'],
    successes: ['DRB.EstabSucc', 'DRBs successfully set up (5.1.1.10.2)'],
    perLoad: 360,
    failureRate: 0.009,
    weight: 8,
  })
  .count(CU, ['DRB.RelActNbr', 'Released active DRBs, i.e. drops (5.1.1.10.3)'], 'lower_better', 9, 2.4)
  .amount(CU, ['DRB.SessionTime', 'In-session activity time of DRBs (5.1.1.10.4)'], 's', 16_000, 0.04)
  .procedure(CU, {
    attempts: ['UECNTX.ConnEstabAtt', 'Attempted UE-associated NG signalling connections (5.1.1.16.1)'],
    successes: ['UECNTX.ConnEstabSucc', 'Successful UE-associated NG signalling connections (5.1.1.16.2)'],
    perLoad: 400,
    failureRate: 0.006,
    weight: 7,
  })
  .procedure(CU, {
    attempts: ['QF.EstabAttNbr', 'QoS flows attempted to set up (5.1.1.13.3.1)'],
    successes: ['QF.EstabSuccNbr', 'QoS flows successfully set up (5.1.1.13.3.2)'],
    perLoad: 520,
    failureRate: 0.008,
    weight: 7,
  })
  .count(CU, ['QF.RelActNbr', 'Released active QoS flows (5.1.1.13.1.1)'], 'lower_better', 8, 3.1)
  .amount(CU, ['QF.SessionTimeUE', 'In-session activity time of UEs (5.1.1.13.2.2)'], 's', 14_000, 0.04)
  .procedure(CU, {
    attempts: ['MM.HoPrepInterReq', 'Requested inter-gNB handover preparations (5.1.1.6.1.1)'],
    successes: ['MM.HoPrepInterSucc', 'Successful inter-gNB handover preparations (5.1.1.6.1.2)'],
    perLoad: 160,
    failureRate: 0.012,
    weight: 6,
  })
  .procedure(CU, {
    attempts: ['MM.HoExeInterReq', 'Requested inter-gNB handover executions (5.1.1.6.1.7)'],
    successes: ['MM.HoExeInterSucc', 'Successful inter-gNB handover executions (5.1.1.6.1.8)'],
    causes: [
      ['MM.HoExeInterFail.UeCtxtRelCmd', 0.4],
      ['MM.HoExeInterFail.RrcReestabReq', 0.35],
      ['MM.HoExeInterFail.HoExeSupTimer', 0.25],
    ],
    perLoad: 156,
    failureRate: 0.018,
    weight: 8,
  })
  .procedure(CU, {
    attempts: ['MM.HoExeIntraReq', 'Requested intra-gNB handover executions (5.1.1.6.2.1)'],
    successes: ['MM.HoExeIntraSucc', 'Successful intra-gNB handover executions (5.1.1.6.2.2)'],
    perLoad: 260,
    failureRate: 0.011,
    weight: 7,
  })
  .prb(DU, ['RRU.PrbTotDl', 'Downlink PRBs used of those available (5.1.1.2.1)'], 0.45)
  .prb(DU, ['RRU.PrbTotUl', 'Uplink PRBs used of those available (5.1.1.2.2)'], 0.26)
  .level(DU, ['DRB.UEThpDl', 'Average downlink UE throughput (5.1.1.3.1)'], 'kbit/s', 'higher_better', 8, {
    driver: 'prb',
    base: 145_000,
    slope: -0.3,
    noise: 0.05,
    cellSpread: 0.25,
    decimals: 1,
  })
  .level(DU, ['DRB.UEThpUl', 'Average uplink UE throughput (5.1.1.3.3)'], 'kbit/s', 'higher_better', 7, {
    driver: 'prb',
    base: 21_000,
    slope: -0.3,
    noise: 0.06,
    cellSpread: 0.25,
    decimals: 1,
  })
  .asDerived('DRB.UEThpDl')
  .asDerived('DRB.UEThpUl')
  .amount(CU, ['DRB.PdcpSduVolumeDL', 'Downlink PDCP SDU volume (5.1.2.1.1.1)'], 'Mbit', 90_000, 0.08)
  .amount(CU, ['DRB.PdcpSduVolumeUL', 'Uplink PDCP SDU volume (5.1.2.1.2.1)'], 'Mbit', 11_000, 0.08)
  .level(CU, ['RRC.ConnMean', 'Mean number of RRC connections (5.1.1.4.1)'], '1', 'neutral', 3, {
    driver: 'load',
    base: 46,
    noise: 0.03,
  })
  .peak(CU, ['RRC.ConnMax', 'Maximum number of RRC connections (5.1.1.4.2)'], 'RRC.ConnMean')
  .procedure(CU, {
    attempts: ['RRC.ReEstabAtt', 'RRC re-establishment attempts (5.1.1.17.1)'],
    successes: ['RRC.ReEstabSuccWithUeContext', 'Re-establishments with UE context (5.1.1.17.2)'],
    causes: [['RRC.ReEstabSuccWithoutUeContext', 0.6]],
    perLoad: 14,
    failureRate: 0.25,
    weight: 5,
  })
  .outcomes(CU, 3, [['RRC.ReEstabSuccWithoutUeContext', 'Re-establishments without UE context (5.1.1.17.3)']])
  .procedure(DU, {
    attempts: ['TB.TotNbrDlInitial', 'Initial downlink transport blocks (5.1.1.7.1)'],
    failures: ['TB.IntialErrNbrDl', 'Initial downlink transport blocks in error, name spelled so (5.1.1.7.2)'],
    perLoad: 900_000,
    failureRate: 0.09,
    weight: 4,
  })
  .procedure(DU, {
    attempts: ['TB.TotNbrUlInit', 'Initial uplink transport blocks (5.1.1.7.6)'],
    failures: ['TB.ErrNbrUlInitial', 'Initial uplink transport blocks in error (5.1.1.7.7)'],
    perLoad: 400_000,
    failureRate: 0.1,
    weight: 4,
  })
  .count(DU, ['TB.ResidualErrNbrDl', 'Downlink transport blocks in final error (5.1.1.7.5)'], 'lower_better', 4, 850)
  .count(DU, ['TB.ResidualErrNbrUl', 'Uplink transport blocks in final error (5.1.1.7.10)'], 'lower_better', 4, 600)
  .level(DU, ['DRB.AirIfDelayDl', 'Downlink delay on the air interface (5.1.1.1.1)'], '0.1 ms', 'lower_better', 5, {
    driver: 'prb',
    base: 62,
    slope: 0.3,
    noise: 0.04,
  })
  .level(DU, ['DRB.AirIfDelayUl', 'Uplink delay on the air interface (5.1.1.1.3)'], '0.1 ms', 'lower_better', 5, {
    driver: 'prb',
    base: 88,
    slope: 0.3,
    noise: 0.04,
  })
  .level(DU, ['DRB.RlcSduDelayDl', 'Downlink RLC SDU delay in the gNB-DU (5.1.3.3.3)'], '0.1 ms', 'lower_better', 5, {
    driver: 'prb',
    base: 41,
    slope: 0.3,
    noise: 0.05,
  })
  .level(DU, ['DRB.RlcDelayUl', 'Uplink RLC delay (5.1.1.1.4)'], '0.1 ms', 'lower_better', 4, {
    driver: 'prb',
    base: 55,
    slope: 0.3,
    noise: 0.05,
  })
  .rate(CU, ['DRB.PacketLossRateUl', 'Uplink PDCP SDUs lost, per million (5.1.3.1.1)'], 6, 420)
  .rate(DU, ['DRB.RlcPacketDropRateDl', 'Downlink RLC SDUs dropped, per million (5.1.3.2.2)'], 6, 310)
  .rate(DU, ['DRB.F1UpacketLossRateDl', 'Downlink F1-U packets lost, per million (5.1.3.1.3)'], 4, 120)
  .rate(CU, ['DRB.F1UpacketLossRateUl', 'Uplink F1-U packets lost, per million (5.1.3.1.2)'], 4, 120)
  .level(DU, ['DRB.MeanActiveUeDl', 'Mean active UEs in the downlink (5.1.1.23.1)'], '1', 'neutral', 3, {
    driver: 'load',
    base: 9,
    noise: 0.05,
  })
  .level(DU, ['DRB.MeanActiveUeUl', 'Mean active UEs in the uplink (5.1.1.23.3)'], '1', 'neutral', 3, {
    driver: 'load',
    base: 6,
    noise: 0.05,
  })
  .level(
    DU,
    ['CARR.WBCQIMean', 'Mean wideband CQI (generator name, 3GPP has the histogram)'],
    '1',
    'higher_better',
    5,
    {
      driver: 'prb',
      base: 10.4,
      slope: -0.05,
      noise: 0.015,
      cellSpread: 0.08,
      max: 15,
    },
  )
  .level(DU, ['PHY.UlInterference', 'Uplink interference a PRB (generator name)'], 'dBm', 'lower_better', 5, {
    driver: 'db',
    base: -115,
    slope: 3,
    noise: 0.4,
    cellSpread: 1.5,
  })
  .count(DU, ['RACH.PreambleACell', 'Contention-based RACH preambles of group A (5.1.1.20.1)'], 'neutral', 2, 900)
  .count(DU, ['RACH.PreambleDedCell', 'Dedicated RACH preambles (5.1.1.20.1)'], 'neutral', 2, 230)
  .causes(CU, 6, [
    ['RRC.ConnEstabFailCause.NetworkReject', 'Failed RRC establishments: rejected by the network (5.1.1.15.3)'],
    ['RRC.ConnEstabFailCause.NoReply', 'Failed RRC establishments: no reply of the UE (5.1.1.15.3)'],
    ['RRC.ConnEstabFailCause.Other', 'Failed RRC establishments: other causes (5.1.1.15.3)'],
  ])
  .causes(CU, 6, [
    ['SM.PDUSessionSetupFail.RadioNetwork', 'PDU sessions failed to set up: radio network cause (5.1.1.5.3)'],
    ['SM.PDUSessionSetupFail.Transport', 'PDU sessions failed to set up: transport cause (5.1.1.5.3)'],
    ['SM.PDUSessionSetupFail.Misc', 'PDU sessions failed to set up: other causes (5.1.1.5.3)'],
  ])
  .causes(CU, 5, [
    ['MM.HoExeInterFail.UeCtxtRelCmd', 'Failed handover executions: UE context released (5.1.1.6.1.9)'],
    ['MM.HoExeInterFail.RrcReestabReq', 'Failed handover executions: re-establishment (5.1.1.6.1.9)'],
    ['MM.HoExeInterFail.HoExeSupTimer', 'Failed handover executions: supervision timer (5.1.1.6.1.9)'],
  ])
  .histogram(DU, 'CARR.WBCQIDist', 'Wideband CQI reports (5.1.1.11.1)', 40_000, CQI_SHARES)
  .count(CU, ['HO.IntraSys.TooEarly', 'Intra-system handovers too early (5.1.1.25.1)'], 'lower_better', 4, 1.4)
  .count(CU, ['HO.IntraSys.TooLate', 'Intra-system handovers too late (5.1.1.25.1)'], 'lower_better', 4, 1.9)
  .count(CU, ['HO.IntraSys.ToWrongCell', 'Intra-system handovers to a wrong cell (5.1.1.25.1)'], 'lower_better', 4, 0.9)
  .procedure(DU, {
    attempts: ['PAG.ReceivedNbr', 'Paging records received (5.1.1.27)'],
    failures: ['PAG.DiscardedNbr', 'Paging records discarded (5.1.1.27)'],
    perLoad: 5_200,
    failureRate: 0.002,
    weight: 3,
  })
  .procedure(CU, {
    attempts: ['DRB.InitialEstabAtt', 'Initial DRBs attempted to set up (5.1.1.10)'],
    successes: ['DRB.InitialEstabSucc', 'Initial DRBs successfully set up (5.1.1.10)'],
    perLoad: 310,
    failureRate: 0.008,
    weight: 6,
  })
  .procedure(CU, {
    attempts: ['QF.InitialEstabAttNbr', 'Initial QoS flows attempted to set up (5.1.1.13.3.4)'],
    successes: ['QF.InitialEstabSuccNbr', 'Initial QoS flows successfully set up (5.1.1.13.3.5)'],
    perLoad: 430,
    failureRate: 0.008,
    weight: 5,
  })
  .procedure(CU, {
    attempts: ['RRC.ResumeAtt', 'RRC resume attempts (5.1.1.18)'],
    successes: ['RRC.ResumeSucc', 'Successful RRC resumes (5.1.1.18)'],
    perLoad: 210,
    failureRate: 0.009,
    weight: 5,
  })
  .procedure(CU, {
    attempts: ['MM.HoOut5gsToEpsFallbackPrepReq', 'Requested EPS fallback preparations (5.1.1.6.3.10)'],
    successes: ['MM.HoOutExe5gsToEpsFallbackSucc', 'Successful EPS fallbacks (5.1.1.6.3.13)'],
    perLoad: 24,
    failureRate: 0.03,
    weight: 5,
  })
  .count(CU, ['UECNTX.RelReq', 'UE context releases requested by the gNB (5.1.3.5.1)'], 'neutral', 2, 370)
  .level(DU, ['CARR.AverageLayersDl', 'Mean downlink MIMO layers (5.1.1.30)'], '1', 'higher_better', 3, {
    driver: 'prb',
    base: 1.9,
    slope: -0.04,
    noise: 0.02,
    max: 8,
  })
  .build();
