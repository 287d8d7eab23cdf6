/** A measured object of a Nokia network: the network element, and the object's name below it. */
export interface NokiaObject {
  readonly ne: string;
  readonly ldn: string;
}

/**
 * What the distinguished names of one PMMOResult mean. `PLMN-PLMN/MRBTS-123/LNBTS-123/LNCEL-5` is the object
 * `LNBTS=123,LNCEL=5` of the network element `MRBTS-123`: the PLMN is left out, the first name below it is the network
 * element. A WBTS below an RNC is part of the network element's name (`RNC-10/WBTS-1`), since the ids of its cells are
 * unique only within it. Further names are those of what the object is measured against (a neighbour, say), and are
 * appended. Null where there is no name.
 */
export function nokiaObject(dns: readonly string[]): NokiaObject | null {
  const [first, ...further] = dns.map(namesOf).filter((names) => names.length > 0);
  if (first === undefined) return null;
  const below = first.length > 1 && /^PLMN-/i.test(first[0]) ? first.slice(1) : first;
  const isSiteOfRnc = /^RNC-/i.test(below[0]) && below.length > 1 && /^WBTS-/i.test(below[1]);
  const neDepth = isSiteOfRnc ? 2 : 1;
  const object = [...below.slice(neDepth), ...further.flat()];
  return { ne: below.slice(0, neDepth).join('/'), ldn: object.map(rdnOf).join(',') };
}

function namesOf(dn: string): string[] {
  return dn
    .split('/')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** `LNCEL-5` is `LNCEL=5`; commas and backslashes of an id are escaped as in TS 32.300. */
function rdnOf(name: string): string {
  const dash = name.indexOf('-');
  const escaped = (text: string) => text.replaceAll('\\', '\\\\').replaceAll(',', '\\,');
  return dash <= 0 ? escaped(name) : `${escaped(name.slice(0, dash))}=${escaped(name.slice(dash + 1))}`;
}
