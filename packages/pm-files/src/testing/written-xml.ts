import fc from 'fast-check';

/** A text for the content of an element, or for an attribute in either quotes. */
export function escapedXml(text: string): string {
  return text.replaceAll(/[&<>"'\t\n\r]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** The ways to write a text inside an element that mean the same. */
export const xmlText: fc.Arbitrary<(text: string) => string> = fc.constantFrom(
  escapedXml,
  escapedXml,
  (text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;'),
  (text: string) => (/]]>|\r/.test(text) ? escapedXml(text) : `<![CDATA[${text}]]>`),
  ([first = '', ...rest]: string) => `${escapedXml(first)}<!-- , ]] > -->${escapedXml(rest.join(''))}`,
  (text: string) => `\n  ${escapedXml(text)}\t`,
);

/** White space, comments and the like between elements. */
export const xmlGap = fc.constantFrom('', '', '\n', '\r\n  ', ' \t', '<!-- gap -->', '<?pi gap?>');

/** Tags and texts. */
export const XML_UNITS = /<[^>]*>|[^<]+/g;

export const XML_SNIPPETS: readonly string[] = [
  ...[
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<?pi',
    '?>',
    '</',
    '/>',
    '<a>',
    '</a>',
    '<a b="c"/>',
    '&amp;',
    '&#0;',
    '&#x1F600;',
  ],
  ...[
    '&x;',
    '<!DOCTYPE a SYSTEM "x">',
    '<!DOCTYPE a [',
    '<?xml version="1.0"?>',
    'encoding="EUC-KR"',
    'xmlns:m="x" m:',
  ],
];

/** Content without meaning, of at least so many bytes. */
export const xmlFiller = (length: number) => `<!--${'x'.repeat(length)}-->`;
