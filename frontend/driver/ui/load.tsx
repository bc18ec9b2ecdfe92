// The load check: what the depot hands out against the list, by scanning, by a code that is typed, or by hand.
import { useState } from "preact/hooks";
import type { Package, Sheet, Tap } from "../kinds";
import { find, type Line, scanTap, toLoad } from "../model/packages";
import { act, day } from "../state";
import { t } from "../texts";
import { nameOf } from "./day";
import { Button, Frame, Notice } from "./parts";
import { go, instead } from "./router";
import { Scanner } from "./scan";

export function Load() {
  const sheet = day.value;
  if (!sheet) return null;
  return <Check sheet={sheet} />;
}

function Check({ sheet }: { sheet: Sheet }) {
  const [scanning, setScanning] = useState(false);
  const [said, setSaid] = useState<{ text: string; good: boolean } | null>(null);
  const rows = toLoad(sheet);
  const there = rows.filter(({ one }) => one.state !== "expected" && one.state !== "missing");
  const waiting = rows.filter(({ one }) => one.state === "expected");
  const started = sheet.state === "started";
  const onCode = (code: string): void => {
    const found = find(rows, code, "on_board");
    if (!found) return setSaid({ text: t("load.unknown", { code }), good: false });
    navigator.vibrate?.(found.again ? [20, 40, 20] : 40);
    setSaid({ text: found.again ? t("load.again") : t("load.found", { n: found.line.number }), good: true });
    if (!found.again) void act([scanTap(sheet, found.line.one, "load")]);
  };
  const all = (what: "load" | "missing"): void => void act(waiting.map(({ one }) => scanTap(sheet, one, what)));
  const begin = async (): Promise<void> => {
    await act([{ kind: "start_route", body: { route_id: sheet.route_id } }]);
    instead({ name: "load" }, { name: "day" });
  };
  return (
    <Frame
      title={t("load.title")}
      back={() => go({ name: "day" })}
      foot={
        <>
          <Button
            icon="scan"
            kind={waiting.length > 0 ? "main" : "quiet"}
            name="scan"
            disabled={rows.length === 0}
            onClick={() => setScanning(true)}
          >
            {t("load.scan")}
          </Button>
          {started ? null : (
            <Button kind={waiting.length > 0 ? "quiet" : "main"} name="start" onClick={() => void begin()}>
              {t("day.go")}
            </Button>
          )}
        </>
      }
    >
      {rows.length === 0 ? <Notice kind="info">{t("load.none")}</Notice> : null}
      {rows.length > 0 ? (
        <section class="van">
          <strong class="count">{t("load.count", { done: there.length, all: rows.length })}</strong>
          <progress max={rows.length} value={there.length} aria-label={t("load.title")} />
          <p class="soft">{waiting.length === 0 ? t("load.done") : t("load.order")}</p>
          {waiting.length > 0 ? (
            <div class="row">
              <Button name="all-here" onClick={() => all("load")}>
                {t("load.all")}
              </Button>
              <Button kind="bad" name="rest-missing" onClick={() => all("missing")}>
                {t("load.rest_missing")}
              </Button>
            </div>
          ) : null}
        </section>
      ) : null}
      <ul class="loads">
        {rows.map((row) => (
          <Row key={row.one.package_id} row={row} say={(what) => void act([scanTap(sheet, row.one, what)])} />
        ))}
      </ul>
      {scanning ? (
        <Scanner
          title={t("load.scan")}
          close={() => setScanning(false)}
          onCode={onCode}
          said={said?.text}
          good={said?.good ?? false}
        />
      ) : null}
    </Frame>
  );
}

const MARKS: Partial<Record<Package["state"], string>> = { on_board: "✓", missing: "✕", delivered: "✓", returned: "✓" };

function Row({ row, say }: { row: Line; say: (what: Tap["body"]["what"] & string) => void }) {
  const { one, number, stop } = row;
  const open = one.state === "expected" || one.state === "missing";
  return (
    <li class={`is-${one.state}`} data-package={one.barcode} data-state={one.state}>
      <button class="load" disabled={!open} onClick={() => say("load")}>
        <span class="number">{number}</span>
        <span class="what">
          <strong dir="ltr">{one.barcode}</strong>
          <span class="where">{nameOf(stop)}</span>
        </span>
        <span class="mark">{MARKS[one.state] ?? ""}</span>
      </button>
      {one.state === "expected" ? (
        <button class="text" onClick={() => say("missing")}>
          {t("load.missing")}
        </button>
      ) : null}
    </li>
  );
}
