// Times, lengths and codes as people say them.
import type { Reason } from "../wire";

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Hours and minutes of a moment in a zone: 09:05. */
export function clock(at: number, zone: string): string {
  let format = clocks.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    clocks.set(zone, format);
  }
  return format.format(at * 1000);
}

/** How far the zone's clock is ahead of UTC at a moment, in seconds. */
export function ahead(at: number, zone: string): number {
  const parts = clock(at, zone).split(":").map(Number);
  const local = (parts[0] ?? 0) * 3600 + (parts[1] ?? 0) * 60;
  const day = ((Math.floor(at / 60) * 60) % 86400 + 86400) % 86400;
  const diff = (local - day + 86400) % 86400;
  return diff > 14 * 3600 ? diff - 86400 : diff;
}

export function span(from: number, to: number, zone: string): string {
  return `${clock(from, zone)}–${clock(to, zone)}`;
}

/** 65 -> 1 min, 5400 -> 1 h 30. */
export function duration(s: number): string {
  const minutes = Math.round(Math.abs(s) / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest ? `${Math.floor(minutes / 60)} h ${String(rest).padStart(2, "0")}` : `${minutes / 60} h`;
}

export function distance(m: number): string {
  const km = Math.abs(m) / 1000;
  return `${km >= 100 ? Math.round(km) : km.toFixed(1)} km`;
}

const sign = (n: number): string => (n < 0 ? "−" : "+");
/** A change, with its sign: +3 min, −1.2 km; nothing where there is none. */
export const moreTime = (s: number): string => (Math.abs(s) < 30 ? "±0 min" : sign(s) + duration(s));
export const moreWay = (m: number): string => (Math.abs(m) < 50 ? "±0 km" : sign(m) + distance(m));

export function money(minor: number, currency: string): string {
  try {
    const format = new Intl.NumberFormat("en-GB", { style: "currency", currency });
    return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
  } catch {
    return (minor / 100).toFixed(2);
  }
}

export function moreMoney(minor: number, currency: string): string {
  return sign(minor) + money(Math.abs(minor), currency);
}

export const count = (n: number, one: string, many = `${one}s`): string => `${n.toLocaleString("en-GB")} ${n === 1 ? one : many}`;

const WORDS: Record<string, string> = {
  time_window: "outside its time window",
  shift_end: "the shift would end too late",
  max_stops: "the route would have too many stops",
  max_distance: "the route would be too long",
  unreachable: "cannot be reached by road",
  not_located: "the address has no place on the map",
  service_longer_than_window: "service takes longer than its window",
  locked_elsewhere: "locked to another route",
  lower_priority: "others were more important",
  skill: "needs a skill that the shift has not",
  window_later: "if the window ended later",
  overtime: "with overtime",
  van: "with one more vehicle",
  without: "without another stop",
  lateness: "late",
  planned: "to do",
  en_route: "on the way",
  in_service: "being served",
  asked: "asked for",
};

/** A code as people say it: load:weight -> too much weight. */
export function said(code: string): string {
  if (code.startsWith("load:")) return `too much ${code.slice(5).replaceAll("_", " ")}`;
  return WORDS[code] ?? code.split(/[.:]/).at(-1)!.replaceAll("_", " ");
}

export const whyNot = (reason: Reason): string => reason.text || said(reason.code);

/** How long ago: 8 s, 3 min, 2 h. */
export function age(s: number): string {
  if (s < 60) return `${Math.max(0, Math.round(s))} s`;
  return s < 5400 ? `${Math.round(s / 60)} min` : `${Math.round(s / 3600)} h`;
}
