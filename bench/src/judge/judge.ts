import { runScenario } from './run-scenario.ts';
import { SCENARIOS } from './scenarios.ts';
const quick = process.argv.includes('--quick');
const only = process.argv.find((a) => a.startsWith('--only='))?.slice(7);
const f = (x: number | null) => (x === null ? '   – ' : (100 * x).toFixed(1).padStart(5));
console.log('scenario'.padEnd(52), 'FA j/5%/K        anyFA j/K    power j/5%/K       @K     wrongUnch FDR  null: unch inc  ms');
for (const s of SCENARIOS) {
  if (only && !s.name.includes(only)) continue;
  const changes = s.kind === 'count' && s.level < 1 ? [0.5, 2] : s.kind === 'ratio' ? [0.5, 2] : [0.8, 1.25];
  const r = runScenario(s, Math.max(10, Math.round(s.comparisons * (quick ? 0.3 : 1))), changes);
  const { judge: j, fivePercent: p, kayenta: k } = r.rules;
  console.log(s.name.padEnd(52), f(j.falseAlarms), f(p.falseAlarms), f(k.falseAlarms), ' |', f(j.alarmedComparisons), f(k.alarmedComparisons), '|', f(j.power), f(p.power), f(k.power), '|', f(r.powerAtKayentasAlarms), '|', f(r.wrongUnchanged), f(j.falseDiscoveries), '|', f(r.unchangedOfNull), f(r.inconclusiveOfNull), r.msPerSeries.toFixed(3));
}
