import type { JudgeReason, JudgeVerdict } from '@pegboard/contracts';
import type { SeriesJudgement } from './judgement.ts';
import { shiftOnScale } from './shift-on-scale.ts';

/** The same text in both languages. */
export interface Sentences {
  readonly en: string;
  readonly ko: string;
}

const VERDICTS: Readonly<Record<JudgeVerdict, Sentences>> = {
  degraded: { en: 'degraded', ko: '저하' },
  improved: { en: 'improved', ko: '개선' },
  changed: { en: 'changed', ko: '변화' },
  unchanged: { en: 'unchanged', ko: '변화 없음' },
  inconclusive: { en: 'inconclusive', ko: '판단 보류' },
  insufficient_data: { en: 'not enough data', ko: '데이터 부족' },
  added: { en: 'added', ko: '신규' },
  removed: { en: 'removed', ko: '없어짐' },
};

const REASONS: Readonly<Record<JudgeReason, Sentences>> = {
  certain_and_large: {
    en: 'the shift is beyond chance and beyond the threshold',
    ko: '변화가 우연의 범위와 기준값을 모두 넘습니다',
  },
  interval_inside_threshold: {
    en: 'the whole interval lies inside the threshold',
    ko: '신뢰 구간 전체가 기준값 안에 있습니다',
  },
  certain_but_small: {
    en: 'the shift is beyond chance, but too small to matter',
    ko: '변화는 확실하지만 기준값보다 작습니다',
  },
  identical: { en: 'both periods hold the same value throughout', ko: '두 기간의 값이 모두 같습니다' },
  interval_too_wide: {
    en: 'the interval reaches beyond the threshold, and the shift is within chance',
    ko: '신뢰 구간이 기준값을 넘고, 변화는 우연의 범위 안에 있습니다',
  },
  certain_but_size_unsure: {
    en: 'there is a shift, but whether it is beyond the threshold is not certain',
    ko: '변화는 있으나 기준값을 넘는지 확실하지 않습니다',
  },
  days_not_measurable: {
    en: 'the hours differ clearly, but so few days cannot tell a change from an ordinary day',
    ko: '시간대별 차이는 뚜렷하지만, 일수가 적어 일상적인 날짜 간 차이와 구별할 수 없습니다',
  },
  different_time_of_day: {
    en: 'the periods cover different hours of the day',
    ko: '두 기간의 시간대가 서로 다릅니다',
  },
  different_day_type: {
    en: 'the periods set working days against days of a weekend',
    ko: '평일과 주말을 비교하고 있습니다',
  },
  no_samples: { en: 'there are no samples', ko: '표본이 없습니다' },
  too_few_samples: { en: 'there are too few samples that can be matched', ko: '짝지을 수 있는 표본이 너무 적습니다' },
  only_in_n: { en: 'it has samples in N only', ko: 'N 기간에만 표본이 있습니다' },
  only_in_n_minus_1: { en: 'it has samples in N-1 only', ko: 'N-1 기간에만 표본이 있습니다' },
};

/** The verdict, its numbers and its reason in one sentence. */
export function sentencesOf(judgement: SeriesJudgement): Sentences {
  const { evidence, verdict, reason } = judgement;
  const name = evidence.about.pegName;
  const numbers = numbersOf(judgement);
  const needed = judgement.hoursNeeded;
  const en = needed === null ? '' : `; it needs about ${needed} more hours in each period`;
  const ko = needed === null ? '' : ` 기간마다 약 ${needed}시간이 더 필요합니다.`;
  return {
    en: `${name} ${VERDICTS[verdict].en}${numbers.en}: ${REASONS[reason].en}${en}.`,
    ko: `${name} ${VERDICTS[verdict].ko}${numbers.ko}: ${REASONS[reason].ko}.${ko}`,
  };
}

function numbersOf({ evidence, shift, low, high, threshold, q }: SeriesJudgement): Sentences {
  const size = shift === null ? null : shiftOnScale(evidence, shift);
  if (size === null || q === null) return { en: '', ko: '' };
  const unit = { relative: ' %', failure: ' %', points: ' points', db: ' dB' }[threshold.scale];
  const unitKo = threshold.scale === 'points' ? '%p' : unit;
  const ends = [low, high].map((end) => (end === null ? '…' : text(shiftOnScale(evidence, end))));
  const of = threshold.scale === 'failure' ? { en: 'failures ', ko: '실패 ' } : { en: '', ko: '' };
  return {
    en: ` (${of.en}${text(size)}${unit}, 95 % interval ${ends[0]} to ${ends[1]}, threshold ±${threshold.value}${unit}, q = ${qText(q)})`,
    ko: ` (${of.ko}${text(size)}${unitKo}, 95 % 신뢰 구간 ${ends[0]} ~ ${ends[1]}, 기준값 ±${threshold.value}${unitKo}, q = ${qText(q)})`,
  };
}

/** Three significant digits with a sign. */
function text(value: number | null): string {
  if (value === null) return '…';
  const rounded = Number(value.toPrecision(3));
  return rounded > 0 ? `+${rounded}` : rounded < 0 ? `−${Math.abs(rounded)}` : '0';
}

function qText(q: number): string {
  return q < 1e-4 ? q.toExponential(0) : String(Number(q.toPrecision(2)));
}
