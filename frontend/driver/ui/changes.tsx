// What the office changed on the route, until the driver says to have read it.
import type { Sheet, Stop } from "../kinds";
import { numberOf } from "../model/belief";
import { tap, zone } from "../state";
import { clock, type Key, t } from "../texts";
import { nameOf } from "./day";
import { Icon } from "./icons";
import { Button } from "./parts";

export function Changes({ sheet }: { sheet: Sheet }) {
  const { changed, route_id } = sheet;
  if (!changed) return null;
  const was = new Map(changed.retimed.map((one) => [one.stop_id, one.was]));
  const kinds: [Key, string[]][] = [
    ["new.added", changed.added],
    ["new.gone", changed.gone],
    ["new.moved", changed.moved],
    ["new.retimed", [...was.keys()]],
  ];
  return (
    <section class="message" data-changed={changed.version} aria-labelledby="changed">
      <h2 id="changed" class="changed">
        <Icon name="warn" /> {t("new.title")}
      </h2>
      <p class="soft">
        {t("conflict.theirs")} · {clock(changed.at, zone.value)}
      </p>
      {kinds.map(([key, ids]) => (
        <Some key={key} title={t(key)} stops={stopsOf(sheet, ids)} sheet={sheet} was={was} />
      ))}
      <Button kind="main" name="read-changes" icon="check" onClick={() => void tap("read_route", { route_id, version: changed.version })}>
        {t("conflict.ok")}
      </Button>
    </section>
  );
}

const stopsOf = (sheet: Sheet, ids: readonly string[]): Stop[] =>
  sheet.stops.filter((stop) => ids.includes(stop.stop_id));

interface Listed {
  title: string;
  stops: Stop[];
  sheet: Sheet;
  was: Map<string, string>;
}

function Some({ title, stops, sheet, was }: Listed) {
  if (stops.length === 0) return null;
  return (
    <div>
      <h3>{title}</h3>
      <ul class="changes">
        {stops.map((stop) => (
          <li key={stop.stop_id} data-changed-stop={stop.stop_id}>
            {stop.state === "cancelled" ? null : <b>{numberOf(sheet, stop)}</b>} <bdi>{nameOf(stop)}</bdi>
            <span class="soft"> {hour(stop, was.get(stop.stop_id))}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function hour(stop: Stop, was?: string): string {
  if (stop.state === "cancelled") return "";
  const time = clock(stop.planned_arrive, zone.value);
  return was ? t("new.was", { time, was: clock(was, zone.value) }) : time;
}
