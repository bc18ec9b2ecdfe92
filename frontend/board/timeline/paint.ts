// The timeline's picture: rows that are in view, on one canvas. Reads values, draws, keeps nothing.
import type { Route, Stop } from "../pure/model";
import { clock } from "../pure/words";
import { hueOf } from "../store/theme";
import type { Theme } from "../store/theme";
import { HEAD, ROW, momentOf, shown, ticks, toX } from "./scale";
import type { View } from "./scale";

export interface Scene {
  rows: readonly Route[];
  first: number;
  scroll: number;
  width: number;
  height: number;
  view: View;
  theme: Theme;
  zone: string;
  offset: number;
  now: number;
  selected: ReadonlySet<string>;
  carried: ReadonlySet<string>;
  changed: ReadonlySet<string>;
  hover: string | null;
  active: string | null;
  windows: boolean;
  drop: { shift: string; place: number } | null;
  held: ReadonlyMap<string, number>;
  band: { x: number; y: number; w: number; h: number } | null;
}

const BAR = 18;
const TOP = (ROW - BAR) / 2;
type Pen = CanvasRenderingContext2D;

export function paint(pen: Pen, scene: Scene): void {
  const { theme, width, height } = scene;
  pen.fillStyle = theme.sheet;
  pen.fillRect(0, 0, width, height);
  const marks = ticks(scene.view, width, scene.offset);
  scene.rows.forEach((route, number) => ground(pen, scene, route, (scene.first + number) * ROW - scene.scroll));
  pen.strokeStyle = theme.line;
  pen.lineWidth = 1;
  pen.beginPath();
  for (const at of marks) {
    const x = Math.round(toX(scene.view, width, at)) + 0.5;
    pen.moveTo(x, 0);
    pen.lineTo(x, height);
  }
  pen.stroke();
  scene.rows.forEach((route, number) => row(pen, scene, route, (scene.first + number) * ROW - scene.scroll));
  nowLine(pen, scene);
  if (scene.band) rubber(pen, scene, scene.band);
}

export function paintAxis(pen: Pen, scene: Pick<Scene, "view" | "width" | "theme" | "zone" | "offset" | "now">): void {
  const { theme, width, view } = scene;
  pen.fillStyle = theme.sheet;
  pen.fillRect(0, 0, width, HEAD);
  pen.font = "12px system-ui, sans-serif";
  pen.textBaseline = "middle";
  pen.textAlign = "center";
  const now = toX(view, width, scene.now);
  const seen = now > 0 && now < width;
  pen.fillStyle = theme.soft;
  for (const at of ticks(view, width, scene.offset)) {
    const x = toX(view, width, at);
    if (x > 18 && x < width - 18 && !(seen && Math.abs(x - now) < 46)) pen.fillText(clock(at, scene.zone), x, HEAD / 2);
  }
  if (!seen) return;
  const at = Math.min(Math.max(now, 26), width - 26);
  pen.fillStyle = theme.accent;
  rounded(pen, at - 24, 5, 48, HEAD - 10, 5);
  pen.fill();
  pen.fillStyle = theme.sheet;
  pen.font = "600 12px system-ui, sans-serif";
  pen.fillText(clock(scene.now, scene.zone), at, HEAD / 2);
}

function ground(pen: Pen, scene: Scene, route: Route, y: number): void {
  const { theme, view, width } = scene;
  const [from, to] = [toX(view, width, route.from), toX(view, width, route.to)];
  pen.fillStyle = theme.ground;
  pen.fillRect(0, y, Math.max(0, from), ROW);
  pen.fillRect(to, y, Math.max(0, width - to), ROW);
  if (route.shift === scene.active) {
    pen.globalAlpha = 0.08;
    pen.fillStyle = theme.accent;
    pen.fillRect(0, y, width, ROW);
    pen.globalAlpha = 1;
  }
  pen.fillStyle = theme.line;
  pen.fillRect(0, y + ROW - 1, width, 1);
}

function row(pen: Pen, scene: Scene, route: Route, y: number): void {
  const { theme, view, width } = scene;
  const hue = hueOf(theme, route.hue);
  const x = (at: number): number => toX(view, width, at);
  for (const [from, to] of route.breaks) pause(pen, scene, x(from), x(to), y);
  if (route.start !== null && route.end !== null && route.stops.length) {
    pen.fillStyle = hue;
    pen.globalAlpha = 0.45;
    pen.fillRect(x(route.start), y + ROW / 2 - 1, Math.max(0, x(route.end) - x(route.start)), 2);
    pen.globalAlpha = 1;
  }
  if (scene.windows) for (const stop of route.stops) spans(pen, scene, stop, y, 0.35);
  for (const stop of route.stops) bar(pen, scene, stop, hue, y);
  if (route.end !== null && route.end > route.to) overtime(pen, scene, x(route.to), x(route.end), y);
  if (scene.drop?.shift === route.shift) caret(pen, scene, x(momentOf(route, scene.drop.place, scene.carried)), y);
}

function bar(pen: Pen, scene: Scene, stop: Stop, hue: string, y: number): void {
  const { theme, view, width } = scene;
  const [from, to] = shown(stop);
  const [a, b] = [toX(view, width, from), toX(view, width, to)];
  const wait = toX(view, width, stop.arrive);
  if (b < -40 || wait > width + 40) return;
  const w = Math.max(3, b - a - 0.5);
  const chosen = scene.selected.has(stop.id);
  const near = scene.hover === stop.id || chosen;
  if (near && !scene.windows) spans(pen, scene, stop, y, 0.9);
  if (stop.doneAt === null && a - wait > 2) {
    pen.globalAlpha = 0.28;
    pen.fillStyle = hue;
    pen.fillRect(wait, y + TOP + 5, a - wait, BAR - 10);
    pen.globalAlpha = 1;
  }
  const failed = stop.state === "failed";
  const over = stop.state === "completed" || stop.state === "partial";
  pen.globalAlpha = scene.carried.has(stop.id) ? 0.35 : over ? 0.4 : 1;
  pen.fillStyle = failed ? theme.bad : hue;
  rounded(pen, a, y + TOP, w, BAR, Math.min(4, w / 2));
  pen.fill();
  pen.globalAlpha = 1;
  if (stop.late > 0 && !over) late(pen, scene, stop, a, w, y);
  if (stop.eta && stop.doneAt === null && (near || w >= 8)) expected(pen, scene, stop, y);
  if (stop.lock) lock(pen, theme, a + w / 2, y);
  if (w >= 15) number(pen, theme, over ? theme.ink : theme.sheet, String(stop.at + 1), a + w / 2, y);
  const holder = scene.held.get(stop.id);
  if (holder !== undefined) {
    pen.strokeStyle = hueOf(theme, holder);
    pen.lineWidth = 2;
    rounded(pen, a - 3, y + TOP - 3, w + 6, BAR + 6, 6);
    pen.stroke();
  }
  if (near || scene.changed.has(stop.id)) {
    pen.strokeStyle = chosen || scene.changed.has(stop.id) ? theme.ink : theme.soft;
    pen.lineWidth = chosen ? 2.5 : 1.5;
    if (scene.changed.has(stop.id)) pen.setLineDash([4, 2]);
    rounded(pen, a - 2, y + TOP - 2, w + 4, BAR + 4, 5);
    pen.stroke();
    pen.setLineDash([]);
  }
}

function number(pen: Pen, theme: Theme, ink: string, text: string, x: number, y: number): void {
  pen.font = "600 11px system-ui, sans-serif";
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillStyle = ink || theme.sheet;
  pen.fillText(text, x, y + ROW / 2 + 0.5);
}

/** Where it comes after its window ended: what is over stands in red below it. */
function late(pen: Pen, { theme, view, width }: Scene, stop: Stop, a: number, w: number, y: number): void {
  const from = toX(view, width, stop.start - stop.late);
  pen.fillStyle = theme.bad;
  pen.fillRect(Math.min(from, a), y + ROW - 7, Math.max(3, a + w - Math.min(from, a)), 3);
  pen.strokeStyle = theme.bad;
  pen.lineWidth = 2;
  rounded(pen, a, y + TOP, w, BAR, Math.min(4, w / 2));
  pen.stroke();
}

/** What the forecast says: a dot, and how sure it is. */
function expected(pen: Pen, { theme, view, width }: Scene, stop: Stop, y: number): void {
  const eta = stop.eta!;
  const [a, b, c] = [eta.p10, eta.p50, eta.p90].map((at) => toX(view, width, at)) as [number, number, number];
  pen.globalAlpha = eta.stale ? 0.4 : 0.9;
  pen.fillStyle = theme.ink;
  pen.fillRect(a, y + 4, Math.max(1, c - a), 1);
  pen.beginPath();
  pen.arc(b, y + 4.5, 2.5, 0, Math.PI * 2);
  if (eta.stale) {
    pen.strokeStyle = theme.ink;
    pen.lineWidth = 1;
    pen.stroke();
  } else pen.fill();
  pen.globalAlpha = 1;
}

function spans(pen: Pen, { theme, view, width }: Scene, stop: Stop, y: number, strength: number): void {
  pen.globalAlpha = strength;
  pen.fillStyle = stop.late > 0 ? theme.bad : theme.good;
  for (const [from, to] of stop.windows) {
    const [a, b] = [Math.max(-2, toX(view, width, from)), Math.min(width + 2, toX(view, width, to))];
    if (b <= a) continue;
    pen.fillRect(a, y + ROW - 4, b - a, 2);
    pen.fillRect(a, y + ROW - 7, 1.5, 6);
    pen.fillRect(b - 1.5, y + ROW - 7, 1.5, 6);
  }
  pen.globalAlpha = 1;
}

function pause(pen: Pen, { theme }: Scene, a: number, b: number, y: number): void {
  pen.save();
  pen.beginPath();
  pen.rect(a, y + TOP, b - a, BAR);
  pen.clip();
  pen.fillStyle = theme.line;
  pen.fillRect(a, y + TOP, b - a, BAR);
  pen.strokeStyle = theme.soft;
  pen.globalAlpha = 0.5;
  pen.lineWidth = 1;
  pen.beginPath();
  for (let x = a - BAR; x < b; x += 6) {
    pen.moveTo(x, y + TOP + BAR);
    pen.lineTo(x + BAR, y + TOP);
  }
  pen.stroke();
  pen.restore();
  if (b - a > 44) {
    pen.fillStyle = theme.line;
    pen.fillRect((a + b) / 2 - 19, y + TOP + 2, 38, BAR - 4);
    number(pen, theme, theme.ink, "Break", (a + b) / 2, y);
  }
}

function overtime(pen: Pen, { theme }: Scene, a: number, b: number, y: number): void {
  pen.fillStyle = theme.bad;
  pen.globalAlpha = 0.25;
  pen.fillRect(a, y + 2, b - a, ROW - 5);
  pen.globalAlpha = 1;
}

function lock(pen: Pen, theme: Theme, x: number, y: number): void {
  pen.strokeStyle = theme.ink;
  pen.fillStyle = theme.ink;
  pen.lineWidth = 1.2;
  pen.fillRect(x - 3, y + 4, 6, 4.5);
  pen.beginPath();
  pen.arc(x, y + 4, 2, Math.PI, 0);
  pen.stroke();
}

function caret(pen: Pen, { theme }: Scene, x: number, y: number): void {
  pen.fillStyle = theme.accent;
  pen.fillRect(x - 1.5, y + 2, 3, ROW - 5);
  pen.beginPath();
  pen.moveTo(x - 6, y + 1);
  pen.lineTo(x + 6, y + 1);
  pen.lineTo(x, y + 8);
  pen.fill();
}

function nowLine(pen: Pen, { theme, view, width, height, now }: Scene): void {
  const x = Math.round(toX(view, width, now));
  if (x < 0 || x > width) return;
  pen.fillStyle = theme.accent;
  pen.fillRect(x - 1, 0, 2, height);
}

function rubber(pen: Pen, { theme }: Scene, band: NonNullable<Scene["band"]>): void {
  pen.globalAlpha = 0.12;
  pen.fillStyle = theme.accent;
  pen.fillRect(band.x, band.y, band.w, band.h);
  pen.globalAlpha = 1;
  pen.strokeStyle = theme.accent;
  pen.lineWidth = 1;
  pen.strokeRect(band.x + 0.5, band.y + 0.5, band.w, band.h);
}

function rounded(pen: Pen, x: number, y: number, w: number, h: number, r: number): void {
  pen.beginPath();
  pen.roundRect(x, y, w, h, r);
}
