// The word that was probably meant. Suggests only; nothing is ever replaced by it.

/**
 * Fewest insertions, deletions, replacements and swaps of neighbours that turn `a` into `b` (optimal string alignment).
 * Symmetric; 0 only for equal words.
 */
export function editDistance(a: string, b: string): number {
  const from = Array.from(a);
  const to = Array.from(b);
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (const [i, char] of from.entries()) {
    const row = [i + 1];
    for (const [j, other] of to.entries()) {
      let cost = Math.min((last[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1, (last[j] ?? 0) + (char === other ? 0 : 1));
      if (char === to[j - 1] && from[i - 1] === other) cost = Math.min(cost, (before[j - 1] ?? 0) + 1);
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[to.length] ?? 0;
}

/** The candidate nearest to `word` without regard to case, the first of equals; null when none is near enough. */
export function didYouMean(word: string, candidates: readonly string[]): string | null {
  const wanted = word.toLowerCase();
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  let best: string | null = null;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    // Spares the comparison where the lengths alone say no.
    if (Math.abs(candidate.length - wanted.length) > limit) continue;
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}
