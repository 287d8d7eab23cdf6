/** What lists of counters and their plans, kept from file to file, hold in memory by now. */
export const remembered = { characters: 0, slots: 0 };
