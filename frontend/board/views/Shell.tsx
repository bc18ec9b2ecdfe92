// The board: head, lists, map, timeline, panel. Its parts can be resized, by key too, and keep their sizes on this device.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { App } from "./app";
import { Chosen } from "./Chosen";
import { Dialogs } from "./Dialogs";
import { Carried, DraftBar } from "./Draft";
import { Lists } from "./Lists";
import { MapPane } from "./MapPane";
import { Icon } from "./Icon";
import { Side } from "./Side";
import { Timeline } from "../timeline/Timeline";
import { Top } from "./Top";

const KEPT = "homestretch.board.layout";
interface Layout {
  list: number;
  map: number;
}

function remembered(): Layout {
  try {
    return { list: 22, map: 52, ...(JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Partial<Layout>) };
  } catch {
    return { list: 22, map: 52 };
  }
}

export function Shell({ app }: { app: App }) {
  const { store } = app;
  const layout = useSignal(remembered());
  const there = store.board.value !== null;
  useEffect(() => {
    if (there) requestAnimationFrame(() => setTimeout(() => performance.mark("board:usable")));
  }, [there]);
  if (!store.board.value) return store.failed.value ? <p class="notice is-bad b-alone" role="alert">{store.failed.value}</p> : <p class="empty" role="status">Loading the day…</p>;
  const size = (part: keyof Layout, value: number): void => {
    layout.value = { ...layout.value, [part]: value };
    try {
      localStorage.setItem(KEPT, JSON.stringify(layout.value));
    } catch {
      // a browser that keeps nothing: it holds for this page
    }
  };
  const tab = (name: "routes" | "map" | "timeline", words: string) => (
    <button type="button" aria-pressed={store.tab.value === name} onClick={() => void (store.tab.value = name)}>{words}</button>
  );
  return (
    <div class="b-board" data-tab={store.tab.value} data-ready="yes">
      <Top app={app} />
      <div class="b-panes" style={{ "--list": `${layout.value.list}%`, "--map": `${layout.value.map}%` }}>
        <Lists app={app} />
        <Split label="Width of the lists" value={layout.value.list} min={14} max={45} upright onSize={(value) => size("list", value)} />
        <div class="b-main">
          <MapPane app={app} />
          <Split label="Height of the map" value={layout.value.map} min={12} max={85} onSize={(value) => size("map", value)} />
          <Timeline app={app} />
        </div>
        <Side app={app} />
      </div>
      <nav class="b-switch" aria-label="Views">{tab("routes", "Routes")}{tab("map", "Map")}{tab("timeline", "Timeline")}</nav>
      <div class="b-float"><DraftBar app={app} /><Chosen app={app} /></div>
      <NoticeList app={app} />
      <Carried app={app} />
      <Dialogs app={app} />
      <p class="unseen" role="status" aria-live="polite">{store.said.value}</p>
    </div>
  );
}

/** A divider between two parts: dragged, or moved by arrows. */
function Split({ label, value, min, max, upright = false, onSize }: { label: string; value: number; min: number; max: number; upright?: boolean; onSize: (value: number) => void }) {
  const within = (part: number): number => Math.round(Math.min(max, Math.max(min, part)) * 10) / 10;
  return (
    <div
      class={`b-split${upright ? " is-upright" : ""}`} role="separator" tabIndex={0} aria-label={label} aria-orientation={upright ? "vertical" : "horizontal"}
      aria-valuenow={Math.round(value)} aria-valuemin={min} aria-valuemax={max}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        const box = event.currentTarget.parentElement!.getBoundingClientRect();
        const rtl = getComputedStyle(event.currentTarget).direction === "rtl";
        const across = rtl ? box.right - event.clientX : event.clientX - box.left;
        onSize(within(upright ? (across / box.width) * 100 : ((event.clientY - box.top) / box.height) * 100));
      }}
      onKeyDown={(event) => {
        const by = { ArrowLeft: -2, ArrowUp: -2, ArrowRight: 2, ArrowDown: 2 }[event.key];
        if (!by) return;
        event.preventDefault();
        onSize(within(value + by));
      }}
    />
  );
}

function NoticeList({ app }: { app: App }) {
  const { store, acts } = app;
  return (
    <ul class="b-notices">
      {store.notices.value.map((notice) => (
        <li key={notice.id} class={`b-notice is-${notice.tone}`}>
          <span><b>{notice.text}</b>{notice.more && <small>{notice.more}</small>}</span>
          {notice.act && <button type="button" class="button small quiet" onClick={() => { acts.notices.close(notice.id); notice.act!.run(); }}>{notice.act.label}</button>}
          <Icon name="close" label="Close" onClick={() => acts.notices.close(notice.id)} />
        </li>
      ))}
    </ul>
  );
}
