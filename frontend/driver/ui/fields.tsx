// The parts of a capture that are typed, scanned or chosen.
import { useState } from "preact/hooks";
import type { Package, Stop, Task } from "../kinds";
import { type Capture, openTasks } from "../model/needs";
import { t, word } from "../texts";
import { Button } from "./parts";
import { Scanner } from "./scan";

interface Given {
  capture: Capture;
  set: (changes: Partial<Capture>) => void;
}

export function Pins({ tasks, capture, set }: Given & { tasks: Task[] }) {
  return (
    <>
      {tasks.map((task) => (
        <label class="field" key={task.task_id}>
          <span>{t("done.pin_of", { name: task.recipient.name || (task.order_external_id ?? "") })}</span>
          <input
            class="code"
            dir="ltr"
            name="pin"
            autocomplete="off"
            autocapitalize="characters"
            maxLength={12}
            value={capture.pins[task.task_id] ?? ""}
            onInput={(event) => set({ pins: { ...capture.pins, [task.task_id]: event.currentTarget.value } })}
          />
        </label>
      ))}
    </>
  );
}

export function Names({ wanted, value, set }: { wanted: boolean; value: string; set: (name: string) => void }) {
  return (
    <label class="field">
      <span>
        {t("done.who")}
        {wanted ? " *" : ""}
      </span>
      <input
        name="who"
        value={value}
        maxLength={120}
        autocomplete="off"
        onInput={(event) => set(event.currentTarget.value)}
      />
    </label>
  );
}

export function Scans({ stop, wanted, capture, set }: Given & { stop: Stop; wanted: Package[] }) {
  const [open, setOpen] = useState(false);
  const [said, setSaid] = useState<{ text: string; good: boolean } | null>(null);
  const all = openTasks(stop).flatMap((task) => task.packages);
  if (all.length === 0) return null;
  const { scanned, missing } = capture;
  const onCode = (code: string): void => {
    const found = all.find((one) => one.barcode.toLowerCase() === code.toLowerCase());
    if (!found) return setSaid({ text: t("load.unknown", { code }), good: false });
    navigator.vibrate?.(40);
    const next = new Set(scanned).add(found.package_id);
    set({ scanned: next });
    setSaid({ text: t("done.scan_count", { done: next.size, all: all.length }), good: true });
    if (all.every((one) => next.has(one.package_id) || missing.has(one.package_id))) setOpen(false);
  };
  const toggle = (one: Package): void => {
    const next = new Set(missing);
    if (!next.delete(one.package_id)) next.add(one.package_id);
    set({ missing: next });
  };
  return (
    <section class="scans">
      <div class="row">
        <strong>
          {t("stop.packages")}
          {wanted.length > 0 ? " *" : ""}
        </strong>
        <Button icon="scan" name="scan" onClick={() => setOpen(true)}>
          {t("proof.scan")}
        </Button>
      </div>
      <ul>
        {all.map((one) => (
          <li
            key={one.package_id}
            class={scanned.has(one.package_id) ? "is-there" : missing.has(one.package_id) ? "is-missing" : ""}
          >
            <span dir="ltr">
              {scanned.has(one.package_id) ? "✓ " : ""}
              {one.barcode}
            </span>
            <button class="text" aria-pressed={missing.has(one.package_id)} onClick={() => toggle(one)}>
              {t("load.missing")}
            </button>
          </li>
        ))}
      </ul>
      {open ? (
        <Scanner
          title={t("stop.packages")}
          close={() => setOpen(false)}
          onCode={onCode}
          said={said?.text}
          good={said?.good ?? false}
        />
      ) : null}
    </section>
  );
}

const LEFT: readonly string[] = ["refused", "damaged", "item_missing", "missorted", "other"];

/** Which of the stop's tasks are not done, and why. One task alone can be left out only by its packages. */
export function LeftOut({ stop, reasons, capture, set }: Given & { stop: Stop; reasons: string[] }) {
  const tasks = openTasks(stop);
  const why = reasons.filter((name) => LEFT.includes(name));
  const choose = (task: Task, reason: string): void => {
    const { [task.task_id]: _, ...rest } = capture.left_out;
    set({ left_out: reason ? { ...rest, [task.task_id]: reason } : rest });
  };
  return (
    <fieldset class="left-out">
      <legend>{t("done.left_out")}</legend>
      {tasks.map((task) => (
        <label class="field" key={task.task_id}>
          <span>
            {word("kind", task.kind)} · {task.recipient.name || task.order_external_id}
          </span>
          <select
            value={capture.left_out[task.task_id] ?? ""}
            onChange={(event) => choose(task, event.currentTarget.value)}
          >
            <option value="">—</option>
            {why.map((name) => (
              <option key={name} value={name}>
                {word("why", name)}
              </option>
            ))}
          </select>
        </label>
      ))}
    </fieldset>
  );
}
