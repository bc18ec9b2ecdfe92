// Our server, by its public API.
import type { Compared, Edit, Odds, Why, WireBoard, WireChange, WireDriver, WireForeseen, WireOnRoad, WirePath, WirePerson, WireRouteParts, WireTold, WireTrace } from "../wire";
import type { Spot } from "../pure/geometry";
import { key, Problem } from "./http";
import type { Ask } from "./http";
import type { Option, Server, Wish } from "./server";

const text = encodeURIComponent;

interface LivePlace {
  route_id: string;
  position: number;
  cost: number;
  minutes: number;
  meters: number;
  touched: { orders: string[]; promise_late_s: number }[];
}

export function remote(ask: Ask): Server {
  const tab = uuid();
  return {
    tab,
    board: (day, plan) => ask<WireBoard>("GET", wholeDay(day, plan)),
    routes: (day, routes) => ask<WireRouteParts>("GET", `/board/routes?day=${text(day)}${routes.map((id) => `&route_id=${text(id)}`).join("")}`),
    preview: (plan, revision, edits: Edit[], signal) => ask<WireChange>("POST", `/plans/${plan}/preview`, { revision, edits }, { signal }),
    foresee: (routes, signal) => ask<WireForeseen>("POST", "/board/preview", { routes }, { signal }),
    edit: (plan, revision, edits) => ask<WireChange>("POST", `/plans/${plan}/edits`, { revision, edits }),
    best: (plan) => ask<WireChange>("GET", `/plans/${plan}/best`).catch((error: unknown) => {
      if (error instanceof Problem && error.code === "search.not_found") return null;
      throw error;
    }),
    undo: (plan, revision) => ask<WireChange>("POST", `/plans/${plan}/undo`, { revision }),
    redo: (plan, revision) => ask<WireChange>("POST", `/plans/${plan}/redo`, { revision }),
    changes: (plan, since) => ask<WireChange>("GET", `/plans/${plan}/changes?since=${since}`),
    ask: (wish: Wish) => ask<{ id: string }>("POST", "/plans", wish),
    optimize: async (plan, revision, seconds, scope) => void (await ask("POST", `/plans/${plan}/optimize`, { revision, seconds, scope })),
    cancel: async (plan) => void (await ask("POST", `/plans/${plan}/cancel`)),
    why: (plan, visit) => ask<Why>("GET", `/plans/${plan}/why?visit=${text(visit)}`),
    odds: (plan, revision) => ask<Odds>("GET", `/plans/${plan}/odds?number=${revision}`),
    places: async (plan, stop) => {
      if (plan && stop.visit) {
        const { options } = await ask<{ options: { shift: string; position: number; cost: number }[] }>("GET", `/plans/${plan}/insertions?visit=${text(stop.visit)}`);
        return options.map(({ shift, position, cost }): Option => ({ shift_id: shift, position, cost }));
      }
      if (!stop.task) return [];
      const { items } = await ask<{ items: LivePlace[] }>("GET", `/board/places?task_id=${text(stop.task)}`);
      return items.map(({ route_id, position, cost, minutes, meters, touched }) => ({
        shift_id: route_id, position, cost, seconds: minutes * 60, meters, touches: touched.filter((one) => one.promise_late_s > 0).flatMap((one) => one.orders),
      }));
    },
    revisions: async (plan) => (await ask<WireChange>("GET", `/plans/${plan}/changes?since=1`)).steps,
    compare: (plan, from, to) => ask<Compared>("GET", `/plans/${plan}/compare?from=${from}&to=${to}`),
    release: async (plan, revision, accept) => void (await ask("POST", "/routes/release", { plan_id: plan, revision, accept_breaches: accept })),
    skip: async (stop) => void (await ask("POST", `/stops/${stop}/skip`)),
    giveBack: async (route, task) => {
      const { version } = await ask<{ version: number }>("GET", `/routes/${route}`);
      await ask("DELETE", `/routes/${route}/tasks/${task}`, undefined, { match: version });
    },
    add: async (route, task, position, accept) => void (await ask("POST", `/routes/${route}/tasks`, { task_id: task, position, accept_breaches: accept })),
    moveStop: async (stop, route, position, accept) => void (await ask("POST", `/stops/${stop}/move`, { route_id: route, position, accept_breaches: accept })),
    callHome: async (route) => void (await ask("POST", `/routes/${route}/return`, {})),
    route: (route) => ask<WireOnRoad>("GET", `/routes/${route}`),
    told: async (route) => (await ask<{ items: WireTold[] }>("GET", `/routes/${route}/messages`)).items,
    trace: (route) => ask<WireTrace>("GET", `/tracking/routes/${route}/positions`),
    tell: async (route, words) => void (await ask("POST", `/routes/${route}/messages`, { text: words })),
    drivers: async () => {
      const all: WireDriver[] = [];
      for (let next: string | null = ""; next !== null; ) {
        const part: { items: WireDriver[]; next: string | null } = await ask<{ items: WireDriver[]; next: string | null }>("GET", `/drivers?limit=200${next && `&cursor=${text(next)}`}`);
        all.push(...part.items);
        ({ next } = part);
      }
      return all;
    },
    nameDriver: async (shift, driver) => {
      const { version } = await ask<{ version: number }>("GET", `/shifts/${shift}`);
      await ask("PUT", `/shifts/${shift}/driver`, { driver_id: driver }, { match: version });
    },
    reassign: async (route, driver, accept) => void (await ask("POST", `/routes/${route}/reassign`, { driver_id: driver, accept_breaches: accept })),
    recall: async (route) => void (await ask("POST", `/routes/${route}/recall`)),
    finish: async (route) => void (await ask("POST", `/routes/${route}/finish`)),
    here: async (day, selected) => (await ask<{ people: WirePerson[] }>("PUT", "/board/presence", { day, tab, selected })).people,
    gone: () => void ask("DELETE", `/board/presence/${tab}`, undefined, { lasts: true }).catch(() => undefined),
    ways: async (points, profile) => {
      const { rung, legs, fell } = await ask<WirePath>("POST", "/travel/path", { points: points.map(([lon, lat]) => ({ lat, lon })), profile });
      if (rung === "great_circle") return fell.every(({ code }) => code === "travel.no_map") ? "none" : "beside";
      return legs.map((leg) => leg.points.map(({ lat, lon }): Spot => [lon, lat]));
    },
  };
}

/** Where the whole day is read. */
export const wholeDay = (day: string, plan?: string): string => `/board?day=${text(day)}${plan ? `&plan_id=${text(plan)}` : ""}`;

function uuid(): string {
  const hex = key();
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
