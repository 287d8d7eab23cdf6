import fc from 'fast-check';

/** Names that are easily taken for something else. */
const TRAPS = ['__proto__', 'constructor', 'toString', 'length', 'NIL', 'NaN', '0', '-1', 'p', 'r', 'measType'];
const USUAL = ['RRC.ConnEstabAtt.sum', 'pmRrcConn', 'M8001C0', 'DRB.PdcpSduVolumeDL_Filter.010003e8', 'VS.A'];
const PUNCTUATION = [
  'a\nb',
  'a\r\nb',
  'a\tb',
  'a b',
  'a,b',
  'a;b',
  'a|b',
  'a"b',
  "a'b",
  'Thru(Kbps)',
  'CSSR(%)',
  'a<b>&c',
  'x{QCI=9}',
  'a/b',
  'a\\b',
  ']]>',
  '--',
  'a=b',
];
const SCRIPTS = ['접속 성공률', '基站', 'é̃', '😀', 'مرحبا', '\u00ad', 'a\u00a0b', '\ud7ff\ue000'];

const character = fc.oneof(
  fc.constantFrom(...'aZ09_.:- ,;|"\'<>&{}[]()/\\=%#!?*+^~`@$'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
);

/** XML 1.0 allows no other characters, not even escaped. */
const XML_TEXT = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

/**
 * Names of counters, objects and network elements: usual, odd, long, in any script, and also the same ones again and
 * again. Not empty, without white space at the ends, and made of characters that XML can hold.
 */
export const oddName: fc.Arbitrary<string> = fc
  .oneof(
    { weight: 12, arbitrary: fc.constantFrom(...USUAL) },
    { weight: 6, arbitrary: fc.constantFrom(...TRAPS, ...PUNCTUATION, ...SCRIPTS) },
    { weight: 9, arbitrary: fc.array(character, { minLength: 1, maxLength: 12 }).map((all) => all.join('')) },
    fc.nat(500).map((n) => `long${'.name'.repeat(n)}`),
  )
  .map((name) => name.trim())
  .filter((name) => name !== '' && name.isWellFormed() && XML_TEXT.test(name));

/** As `oddName`, without those that could also be an element of a vector. */
export const counterName: fc.Arbitrary<string> = oddName.filter((name) => !/\[\d+\]$/.test(name));
