// Medians of paired rounds, and whether two lists of times differ.

export function median(list) {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** How many times slower `other` is than `ours`: the median of the ratios within a round, so that a slow moment of the machine counts for both. */
export const factor = (ours, other) => median(other.map((time, round) => time / ours[round]));

/** Welch's t of two lists: so many standard errors lie between their means. */
function welch(some, others) {
  const moments = (list) => {
    const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
    return [mean, list.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (list.length - 1) / list.length];
  };
  const [[mean, error], [otherMean, otherError]] = [moments(some), moments(others)];
  return (mean - otherMean) / Math.sqrt(error + otherError);
}

/**
 * The largest |t| over all times and over the fastest 95, 90, 75 and 50 % of them: what else the machine does makes a few
 * times long, and a small difference shows without those.
 */
export function largestT(times, classes) {
  const sorted = [...times].sort((a, b) => a - b);
  const ts = [1, 0.95, 0.9, 0.75, 0.5].map((share) => {
    const limit = sorted[Math.ceil(share * sorted.length) - 1];
    const kept = (wanted) => times.filter((time, at) => time <= limit && classes[at] === wanted);
    return Math.abs(welch(kept(0), kept(1)));
  });
  return Math.max(...ts);
}
