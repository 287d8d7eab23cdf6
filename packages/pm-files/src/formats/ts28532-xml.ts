import { measurementXmlFormat } from './measurement-xml.ts';

/** 3GPP TS 28.532 (before: TS 28.550), XML file format of performance data: `measDataFile`. */
export const ts28532Xml = measurementXmlFormat({
  name: '3gpp-28.532-xml',
  root: 'measDataFile',
  namespace: /28[._]5(?:32|50)|28_series/,
});
