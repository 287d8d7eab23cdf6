import { csvLong } from './csv-long.ts';
import { csvSlots } from './csv-slots.ts';
import { csvWide } from './csv-wide.ts';
import type { PmFormat } from './format.ts';
import { nokiaOmesXml } from './nokia-omes-xml.ts';
import { ts28532Xml } from './ts28532-xml.ts';
import { ts32401MdcXml } from './ts32401-mdc-xml.ts';
import { ts32435Xml } from './ts32435-xml.ts';
import { vesPerf3gppJson } from './ves-perf3gpp-json.ts';

/** All formats, in the order in which they are tried. */
export const PM_FORMATS: readonly PmFormat[] = [
  ts32435Xml,
  ts28532Xml,
  ts32401MdcXml,
  nokiaOmesXml,
  vesPerf3gppJson,
  csvLong,
  csvSlots,
  csvWide,
];
