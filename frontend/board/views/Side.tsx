// The panel at the side: one stop (why here, why not, what would let it in), a plan to ask for, revisions to compare.
import { useEffect, useRef } from "preact/hooks";
import type { ComponentChildren } from "preact";
import type { App } from "./app";
import { ComparePanel } from "./ComparePanel";
import { Icon } from "./Icon";
import { OrderPanel } from "./OrderPanel";
import { PlanPanel } from "./PlanPanel";
import { RoutePanel } from "./RoutePanel";
import { StopPanel } from "./StopPanel";

export function Side({ app }: { app: App }) {
  const panel = app.store.panel.value;
  switch (panel?.kind) {
    case "stop": return <StopPanel key={panel.id} app={app} id={panel.id} />;
    case "route": return <RoutePanel key={panel.shift} app={app} shift={panel.shift} />;
    case "plan": return <PlanPanel app={app} />;
    case "compare": return <ComparePanel app={app} />;
    case "order": return <OrderPanel app={app} />;
    default: return null;
  }
}

/** A panel takes the focus when it opens, and Escape gives it back to where it came from. */
export function Sheet({ app, title, children }: { app: App; title: ComponentChildren; children: ComponentChildren }) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    const from = document.activeElement as HTMLElement | null;
    box.current?.querySelector<HTMLElement>("h2")?.focus();
    return () => {
      if (from?.isConnected && (document.activeElement === document.body || box.current?.contains(document.activeElement))) from.focus();
    };
  }, []);
  const close = (): void => void (app.store.panel.value = null);
  return (
    <aside
      class="b-side" ref={box} aria-labelledby="b-side-title"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        close();
      }}
    >
      <header class="b-side-head">
        <h2 id="b-side-title" tabIndex={-1}>{title}</h2>
        <Icon name="close" label="Close panel" onClick={close} />
      </header>
      <div class="b-side-body">{children}</div>
    </aside>
  );
}

