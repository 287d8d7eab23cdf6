/** Names of the dimension that is the cell, without case and what is no letter. */
const CELL_DIMENSIONS: ReadonlySet<string> = new Set([
  'cell',
  'cellid',
  'cellidentity',
  'cellnum',
  'cellnumber',
  'cellno',
  'nrcellid',
  'nrcellidentity',
  'eutrancellid',
  'eutrancellidentity',
  'localcellid',
  'nci',
  'eci',
]);

/** Whether a dimension of the JSONB layout is the cell; `given`: the names that the user says, null: the usual ones. */
export function cellDimension(given: readonly string[] | null): (dimension: string) => boolean {
  const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z]/g, '');
  const known = given === null ? CELL_DIMENSIONS : new Set(given.map(plain));
  return (dimension) => known.has(plain(dimension));
}
