// When to try again: twice as long after each failure, never longer than five minutes, and never all phones at once.
const FIRST_S = 2;
const MOST_S = 300;

export function waitS(failures: number, asked_s: number | null, chance: number = Math.random()): number {
  const own = Math.min(MOST_S, FIRST_S * 2 ** Math.max(0, failures - 1));
  return Math.max(asked_s ?? 0, own * (0.5 + chance / 2));
}
