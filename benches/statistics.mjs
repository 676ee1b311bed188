// Medians of paired rounds.

export function median(list) {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** How many times slower `other` is than `ours`: the median of the ratios within a round, so that a slow moment of the machine counts for both. */
export const factor = (ours, other) => median(other.map((time, round) => time / ours[round]));
