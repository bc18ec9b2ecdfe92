// What every view is handed: the store, the acts, and what the page was told.
import type { Basemap } from "../../shared/basemap";
import type { Acts } from "../store/acts";
import type { Crew } from "../store/crew";
import type { Runs } from "../store/runs";
import type { Live } from "../store/live";
import type { Store } from "../store/store";
import type { Drags } from "./drags";

export interface Config {
  day: string;
  today: string;
  basemap: Basemap | null;
  token: string;
  events: string[];
  may: { plan: boolean; release: boolean; crew: boolean };
  /** Of pages beside the board; `write`: where a new order of the day is written, empty for those who may not. */
  links: { board: string; order: string; message: string; write: string };
}

export interface App {
  store: Store;
  acts: Acts;
  runs: Runs;
  crew: Crew;
  drags: Drags;
  live: Live;
  config: Config;
}
