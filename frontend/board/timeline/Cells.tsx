// The stops of the row in use, as cells that a screen reader can read; the canvas draws them.
import type { Board, Route, Stop } from "../pure/model";
import { clock, duration, said, span } from "../pure/words";
import type { App } from "../views/app";
import { shown, toX } from "./scale";

export const cellId = (stop: string): string => `b-cell-${stop}`;

export function stopWords(stop: Stop, board: Board): string {
  const { zone } = board;
  const parts = [`${stop.at + 1}, ${stop.label || stop.address}`, clock(shown(stop)[0], zone)];
  if (stop.windows.length) parts.push(`window ${stop.windows.map(([from, to]) => span(from, to, zone)).join(" or ")}`);
  if (stop.late > 0) parts.push(`${duration(stop.late)} late`);
  if (stop.lock) parts.push("locked");
  if (stop.state !== "planned") parts.push(said(stop.state));
  return parts.join(", ");
}

export function Cells({ app, route, width }: { app: App; route: Route; width: number }) {
  const { store } = app;
  const board = store.board.value;
  const view = store.view.value;
  if (!board) return null;
  if (route.stops.length === 0) return <div role="gridcell" class="unseen">no stops</div>;
  return (
    <>
      {route.stops.map((stop) => {
        const [from, to] = shown(stop);
        const left = Math.min(Math.max(0, toX(view, width, from)), width - 1);
        return (
          <div
            key={stop.id} id={cellId(stop.id)} role="gridcell" class="b-cell" aria-selected={store.selection.value.ids.has(stop.id)}
            style={{ insetInlineStart: `calc(var(--side) + ${left}px)`, inlineSize: `${Math.max(1, Math.min(toX(view, width, to), width) - left)}px` }}
          >
            {stopWords(stop, board)}
          </div>
        );
      })}
    </>
  );
}
