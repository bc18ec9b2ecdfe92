// The ways along roads, asked for as they come to be seen and kept drive by drive: after an edit only what is new is asked.
import type { Spot } from "../pure/geometry";
import type { Found } from "../store/server";

const MOST_POINTS = 120; // of one question: the server looks for each drive's way
const MOST_KEPT = 20_000;
const DIGITS = 5; // a meter

type Ask = (points: readonly Spot[], profile: string) => Promise<Found>;
const round = (n: number): number => Math.round(n * 10 ** DIGITS) / 10 ** DIGITS;
const driveOf = (a: Spot, b: Spot, profile: string): string => `${round(a[0])} ${round(a[1])} ${round(b[0])} ${round(b[1])} ${profile}`;

export class Ways {
  private readonly known = new Map<string, readonly Spot[]>();
  private queue: { way: readonly Spot[]; profile: string; done: () => void }[] = [];
  private busy = false;
  private over = false; // no map: nothing more is asked

  constructor(private readonly ask: Ask) {}

  /** The line by way of these places: along the roads as far as they are known, straight where they are not. */
  along(way: readonly Spot[], profile: string): readonly Spot[] {
    if (this.known.size === 0) return way;
    const line: Spot[] = way.length ? [way[0]!] : [];
    for (const [a, b] of drives(way)) line.push(...(this.known.get(driveOf(a, b, profile)) ?? [b]));
    return line;
  }

  /** Ask for these ways, the first of them first, in the place of what still waits; `done` after each that is new. */
  want(ways: readonly { way: readonly Spot[]; profile: string; done: () => void }[]): void {
    this.queue = ways.filter(({ way, profile }) => drives(way).some(([a, b]) => !this.known.has(driveOf(a, b, profile))));
    void this.work();
  }

  private async work(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    for (let next = this.queue.shift(); next && !this.over; next = this.queue.shift()) {
      await this.find(next.way, next.profile);
      next.done();
    }
    this.busy = false;
  }

  private async find(way: readonly Spot[], profile: string): Promise<void> {
    const first = drives(way).findIndex(([a, b]) => !this.known.has(driveOf(a, b, profile)));
    for (let from = Math.max(0, first); from < way.length - 1; from += MOST_POINTS - 1) {
      if (!(await this.part(way.slice(from, from + MOST_POINTS), profile))) return;
    }
  }

  /** False: no answer now; it is asked again when it is looked at again. */
  private async part(points: readonly Spot[], profile: string): Promise<boolean> {
    const found = await this.ask(points, profile).catch(() => undefined);
    if (found === undefined) return false;
    if (found === "beside" && points.length > 2) { // the drives between other places have their roads
      const half = points.length >> 1;
      return (await this.part(points.slice(0, half + 1), profile)) && this.part(points.slice(half), profile);
    }
    this.over = found === "none";
    const lines = typeof found === "string" ? [] : found;
    drives(points).forEach(([a, b], n) => this.keep(driveOf(a, b, profile), lines[n]?.slice(1) ?? [b]));
    return true;
  }

  private keep(drive: string, line: readonly Spot[]): void {
    this.known.set(drive, line);
    if (this.known.size > MOST_KEPT) this.known.delete(this.known.keys().next().value!);
  }
}

function drives(way: readonly Spot[]): [Spot, Spot][] {
  return way.slice(1).map((to, n) => [way[n]!, to]);
}
