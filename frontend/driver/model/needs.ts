// What a stop asks of the driver, and the taps that a captured outcome consists of.
import type { Package, ProofKind, Stop, Tap, Task } from "../kinds";

export interface Needs {
  pins: Task[];
  photo: boolean;
  signature: boolean;
  name: boolean;
  scan: Package[];
}

export const openTasks = (stop: Stop): Task[] => stop.tasks.filter((task) => task.open);

/** Of the tasks that are handed over; those that are left out ask for nothing. */
export function needs(stop: Stop, without: ReadonlySet<string> = new Set()): Needs {
  const tasks = openTasks(stop).filter((task) => !without.has(task.task_id));
  const asks = (kind: ProofKind): boolean => tasks.some((task) => task.proof_required.includes(kind));
  return {
    pins: tasks.filter(
      (task, i) => task.pin_required && tasks.findIndex((one) => one.order_id === task.order_id) === i,
    ),
    photo: asks("photo"),
    signature: asks("signature"),
    name: asks("name"),
    scan: tasks.filter((task) => task.proof_required.includes("scan")).flatMap((task) => task.packages),
  };
}

/** What the driver has put together so far; `photos` and `signature` are the SHA-256 of their bytes. */
export interface Capture {
  photos: string[];
  signature: string | null;
  name: string;
  note: string;
  left_with: string;
  pins: Record<string, string>;
  scanned: ReadonlySet<string>;
  missing: ReadonlySet<string>;
  left_out: Record<string, string>;
}

export const EMPTY: Capture = {
  photos: [],
  signature: null,
  name: "",
  note: "",
  left_with: "recipient",
  pins: {},
  scanned: new Set(),
  missing: new Set(),
  left_out: {},
};

/** Tasks that are not done at all. Where there is one task alone, a reason says that it is done in part. */
export function leftOut(stop: Stop, capture: Capture): Set<string> {
  return new Set(openTasks(stop).length > 1 ? Object.keys(capture.left_out) : []);
}

export type Lack = "pin" | "photo" | "signature" | "name" | "scan" | "nothing_done";

/** What is still wanting before the outcome can be kept, the first one first. */
export function lacks(stop: Stop, capture: Capture): Lack[] {
  const without = leftOut(stop, capture);
  const wanted = needs(stop, without);
  const found: Lack[] = [];
  if (openTasks(stop).every((task) => without.has(task.task_id))) found.push("nothing_done");
  if (wanted.pins.some((task) => !(capture.pins[task.task_id] ?? "").trim())) found.push("pin");
  if (wanted.scan.some((one) => !capture.scanned.has(one.package_id) && !capture.missing.has(one.package_id)))
    found.push("scan");
  if (wanted.photo && capture.photos.length === 0) found.push("photo");
  if (wanted.signature && !capture.signature) found.push("signature");
  if (wanted.name && !capture.name.trim()) found.push("name");
  return found;
}

export interface Where {
  lat?: number;
  lon?: number;
}

/** Proofs first, for a PIN must be known before the outcome; then what became of the packages; the outcome last. */
export function doneTaps(route_id: string, stop: Stop, capture: Capture, where: Where = {}): Tap[] {
  const without = leftOut(stop, capture);
  const handed = openTasks(stop).filter((task) => !without.has(task.task_id));
  const wanted = needs(stop, without);
  const proofs: Tap[] = wanted.pins.map((task) => proof(stop, "pin", (capture.pins[task.task_id] ?? "").trim()));
  proofs.push(...shown(stop, capture));
  if (capture.name.trim()) proofs.push(proof(stop, "name", capture.name.trim()));
  for (const task of handed)
    for (const one of task.packages)
      if (capture.scanned.has(one.package_id)) proofs.push(proof(stop, "scan", one.barcode));
  const partly = Object.keys(capture.left_out).length > 0 || capture.missing.size > 0;
  const outcome = { left_with: capture.left_with, note: capture.note.trim(), ...where };
  const ended: Tap = partly
    ? tap("partial", stop, { ...outcome, ...partial(handed, capture) })
    : tap("complete", stop, outcome);
  return [...proofs, ...handed.flatMap((task) => movements(route_id, task, capture)), ended];
}

/** Nothing was done: the packages stay where they are. */
export function failedTaps(stop: Stop, reason: string, capture: Capture, where: Where = {}): Tap[] {
  return [...shown(stop, capture), tap("fail", stop, { reason, note: capture.note.trim(), ...where })];
}

function shown(stop: Stop, capture: Capture): Tap[] {
  const found = capture.photos.map((sha256) => tap("proof", stop, { proof: "photo", sha256 }));
  if (capture.signature) found.push(tap("proof", stop, { proof: "signature", sha256: capture.signature }));
  return found;
}

function partial(handed: Task[], capture: Capture): Record<string, unknown> {
  const tasks: Record<string, unknown>[] = Object.entries(capture.left_out).map(([task_id, reason]) => ({
    task_id,
    state: handed.some((task) => task.task_id === task_id) ? "partial" : "failed",
    reason,
  }));
  for (const task of handed)
    if (!(task.task_id in capture.left_out) && task.packages.some((one) => capture.missing.has(one.package_id)))
      tasks.push({ task_id: task.task_id, state: "partial", reason: "item_missing" });
  return { reason: String(tasks[0]?.reason ?? "item_missing"), tasks };
}

function movements(route_id: string, task: Task, capture: Capture): Tap[] {
  const what = task.kind === "collect" ? "collect" : "deliver";
  return task.packages.map((one) => ({
    kind: "scan",
    body: {
      route_id,
      package_id: one.package_id,
      barcode: one.barcode,
      what: capture.missing.has(one.package_id) ? "missing" : what,
    },
  }));
}

const tap = (kind: Tap["kind"], stop: Stop, body: Record<string, unknown>): Tap => ({
  kind,
  body: { stop_id: stop.stop_id, ...body },
});

const proof = (stop: Stop, kind: string, text: string): Tap => tap("proof", stop, { proof: kind, text });
