// What of a plan's odds a dispatcher is told. Pure.
import type { Odds } from "../wire";

const MOST = 5;
const ENOUGH = 0.9; // of what the earliest start buys: more minutes buy little
const LEAST = 0.05; // stops: what gains less is not worth a line

export interface Help {
  shift: string;
  /** Minutes of an earlier start, or the stop that leaves. */
  minutes: number;
  visit: string;
  gain: number;
}

/** What would help most: of each route its shortest start earlier that buys nearly all, and stops to take off. */
export function helps(odds: Odds): Help[] {
  const starts = odds.routes.flatMap(({ shift, earlier }): Help[] => {
    const most = Math.max(0, ...earlier.map((one) => one.gain));
    const found = earlier.find((one) => one.gain >= ENOUGH * most);
    return found && found.gain > 0 ? [{ shift, minutes: found.minutes, visit: "", gain: found.gain }] : [];
  });
  const off = odds.out.map(({ shift, visit, gain }): Help => ({ shift, minutes: 0, visit, gain }));
  return [...starts, ...off].filter((one) => one.gain >= LEAST).sort((a, b) => b.gain - a.gain).slice(0, MOST);
}

/** 0.997 is not yet 100 %, 0.002 is not 0 %. */
export function likely(share: number): string {
  const percent = Math.round(100 * share);
  return `${share <= 0 || share >= 1 ? percent : Math.min(99, Math.max(1, percent))} %`;
}
