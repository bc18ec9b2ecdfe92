// Where the map stands. The map itself is loaded after the rest of the board can be used, and is no component.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { BoardMap } from "../map/map";
import type { App } from "./app";
import { Icon } from "./Icon";

export function MapPane({ app }: { app: App }) {
  const { store } = app;
  const box = useRef<HTMLDivElement>(null);
  const map = useRef<BoardMap | null>(null);
  const state = useSignal<"coming" | "there" | "none">("coming");
  useEffect(() => {
    if (new URLSearchParams(location.search).get("map") === "off") return void (state.value = "none");
    let gone = false;
    const wait = setTimeout(async () => {
      const { canDraw, BoardMap: Made } = await import("../map/entry");
      if (gone || !box.current) return;
      if (!canDraw()) return void (state.value = "none");
      map.current = new Made(box.current, app);
      state.value = "there";
    });
    return () => {
      gone = true;
      clearTimeout(wait);
      map.current?.destroy();
    };
  }, [app]);
  const tool = (name: "lasso" | "box") => (): void => void (store.tool.value = store.tool.value === name ? "hand" : name);
  return (
    <section class={`b-map is-${store.tool.value}`} aria-label="Map">
      <div class="b-map-box" ref={box} />
      {state.value === "none" && <p class="empty">No map here: this browser cannot draw it, or it was switched off. The lists and the timeline have everything.</p>}
      {state.value === "there" && (
        <div class="b-map-tools" role="toolbar" aria-label="Map tools">
          <Icon name="lasso" label="Lasso" keys="L" pressed={store.tool.value === "lasso"} onClick={tool("lasso")} />
          <Icon name="box" label="Box" keys="B" pressed={store.tool.value === "box"} onClick={tool("box")} />
          <Icon name="fit" label={store.route.value ? "Show this route" : "Show the whole day"} onClick={() => map.current?.fit(store.route.value ?? undefined)} />
        </div>
      )}
    </section>
  );
}
