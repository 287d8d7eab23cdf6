import type { CounterDefinition } from './catalogue-types.ts';
import { counterEntries } from './counter-entries.ts';

const { count, amount, gauge, derived, withTotal } = counterEntries('LTE');
const CAUSE = { dimensions: ['CAUSE'] } as const;
const QCI = { dimensions: ['QCI'] } as const;

/** Counters of TS 32.425 that the LTE KPIs stand on. */
export const LTE_COUNTERS: readonly CounterDefinition[] = [
  ...withTotal(count('RRC.ConnEstabAtt', '32.425 4.1.1.1', CAUSE)),
  ...withTotal(count('RRC.ConnEstabSucc', '32.425 4.1.1.2', CAUSE)),
  ...withTotal(count('RRC.ConnReEstabAtt', '32.425 4.1.2.1', CAUSE)),
  ...withTotal(count('RRC.ConnReEstabSucc', '32.425 4.1.2.2', CAUSE)),
  gauge('RRC.ConnMean', '1', '32.425 4.1.3.1'),
  gauge('RRC.ConnMax', '1', '32.425 4.1.3.2', { note: 'a maximum: its mean over time is a mean of maxima' }),
  count('S1SIG.ConnEstabAtt', '32.425 4.6.1.1'),
  count('S1SIG.ConnEstabSucc', '32.425 4.6.1.2'),
  ...withTotal(count('ERAB.EstabInitAttNbr', '32.425 4.2.1.1', QCI)),
  ...withTotal(count('ERAB.EstabInitSuccNbr', '32.425 4.2.1.2', QCI)),
  ...withTotal(count('ERAB.EstabAddAttNbr', '32.425 4.2.1.4', QCI)),
  ...withTotal(count('ERAB.EstabAddSuccNbr', '32.425 4.2.1.5', QCI)),
  ...withTotal(count('ERAB.RelAttNbr', '32.425 4.2.2.3', QCI)),
  ...withTotal(count('ERAB.RelActNbr', '32.425 4.2.2.6', QCI)),
  amount('ERAB.SessionTimeUE', 's', '32.425 4.2.4.1'),
  amount('ERAB.SessionTimeQCI', 's', '32.425 4.2.4.2', QCI),
  ...withTotal(count('HO.IntraEnbOutAtt', '32.425 4.3.1.1', CAUSE)),
  ...withTotal(count('HO.IntraEnbOutSucc', '32.425 4.3.1.1', CAUSE)),
  count('HO.InterEnbOutPrepAtt', '32.425 4.3.1.2'),
  ...withTotal(count('HO.InterEnbOutAtt', '32.425 4.3.1.2', CAUSE)),
  ...withTotal(count('HO.InterEnbOutSucc', '32.425 4.3.1.2', CAUSE)),
  amount('DRB.IPVolDl', 'kbit', '32.425 4.4.6.3', QCI),
  amount('DRB.IPVolUl', 'kbit', '32.425 4.4.6.4', QCI),
  amount('DRB.IPTimeDl', 'ms', '32.425 4.4.6.5', QCI),
  amount('DRB.IPTimeUl', 'ms', '32.425 4.4.6.6', QCI),
  derived('DRB.IPLatDl', 'ms', '32.425 4.4.5.1', 'DRB.IPVolDl', QCI),
  gauge('DRB.PdcpSduBitrateUl', 'kbit/s', '32.425 4.4.1.1', QCI),
  gauge('DRB.PdcpSduBitrateDl', 'kbit/s', '32.425 4.4.1.2', QCI),
  ...withTotal(amount('RRU.CellUnavailableTime', 's', '32.425 4.5.6', CAUSE)),
  gauge('RRU.PrbTotDl', '%', '32.425 4.5.3'),
  gauge('RRU.PrbTotUl', '%', '32.425 4.5.4'),
  count('CARR.WBCQIDist', '32.425 4.10.1', { dimensions: ['CQI'] }),
];
