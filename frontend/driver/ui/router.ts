// Which screen is shown stands in the address behind the `#`: the phone's back button works as it does everywhere.
import { signal } from "@preact/signals";

export type View =
  { name: "day" | "load" | "end" | "out" | "me" } | { name: "stop"; id: string; act: "look" | "done" | "fail" };

const PLAIN = ["load", "end", "out", "me"] as const;

export function viewOf(hash: string): View {
  const [, name, id, act] = hash.split("/");
  if (name === "stop" && id) return { name, id, act: act === "done" || act === "fail" ? act : "look" };
  const plain = PLAIN.find((one) => one === name);
  return { name: plain ?? "day" };
}

export function hashOf(view: View): string {
  if (view.name === "day") return "#/";
  if (view.name !== "stop") return `#/${view.name}`;
  return `#/stop/${view.id}${view.act === "look" ? "" : `/${view.act}`}`;
}

export const view = signal<View>({ name: "day" });

export function startRouter(): void {
  const read = (): void => {
    view.value = viewOf(location.hash);
    scrollTo(0, 0);
  };
  addEventListener("hashchange", read);
  read();
}

export function go(to: View): void {
  location.hash = hashOf(to);
}

/** Where a finished act leads from its screen, which is not come back to. Who has gone elsewhere meanwhile stays there. */
export function instead(of: View, to: View): void {
  if (hashOf(view.value) !== hashOf(of)) return;
  history.replaceState(null, "", hashOf(to));
  view.value = to;
  scrollTo(0, 0);
}
