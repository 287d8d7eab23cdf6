import { measurementXmlFormat } from './measurement-xml.ts';

/** 3GPP TS 32.435, annex A: `measCollecFile`. */
export const ts32435Xml = measurementXmlFormat({
  name: '3gpp-32.435-xml',
  root: 'measCollecFile',
  namespace: /32[._]435|32_series/,
});
