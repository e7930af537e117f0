// Row ids of the behaviour tables, carried by every decision so that "why?" has an answer.

type Family = 'C' | 'D' | 'H' | 'K' | 'L' | 'O' | 'P' | 'R' | 'S';

/** `C5`, `D8`, `O3`, `H4`, `L6`, `R9` … as in docs/sync-rules.md. */
export type RowId = `${Family}${number}`;
