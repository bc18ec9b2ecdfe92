// The van and the recipient's door on a small map, when the recipient asks for it. What is drawn stands in the data of
// the place that the page gives; the page gives a new one with each news, and the map moves into it.
import { LngLatBounds, Marker } from "maplibre-gl";
import type { Map as MapLibre } from "maplibre-gl";
import { basemap, canDraw } from "../shared/basemap";

type Spot = [number, number];

function spot(text: string | undefined): Spot {
  const [lon, lat] = (text ?? "0,0").split(",").map(Number);
  return [lon ?? 0, lat ?? 0];
}

function mark(name: "van" | "door"): HTMLElement {
  const element = document.createElement("div");
  element.className = `mark-${name}`;
  const size = name === "van" ? 22 : 16;
  Object.assign(element.style, {
    width: `${size}px`, height: `${size}px`, borderRadius: name === "van" ? "50%" : "4px",
    background: name === "van" ? "var(--accent)" : "var(--ink)", border: "3px solid var(--paper)",
    boxShadow: "0 1px 4px rgb(0 0 0 / .4)",
  });
  return element;
}

class TrackMap {
  private readonly container = document.createElement("div");
  private readonly map: MapLibre;
  private readonly van = new Marker({ element: mark("van") });
  private readonly door = new Marker({ element: mark("door") });

  constructor(place: HTMLElement) {
    this.container.className = "track-map";
    this.container.setAttribute("role", "region");
    this.container.setAttribute("aria-label", place.dataset["label"] ?? "");
    place.replaceChildren(this.container);
    const { light = "", dark = "", attribution = "" } = place.dataset;
    this.map = basemap(this.container, { styles: { light, dark }, attribution }, this.box(place), () => undefined, {
      fitBoundsOptions: { padding: 40, maxZoom: 16 },
      cooperativeGestures: true,
    });
    this.van.setLngLat(spot(place.dataset["van"])).addTo(this.map);
    this.door.setLngLat(spot(place.dataset["door"])).addTo(this.map);
    this.map.once("idle", () => this.container.setAttribute("data-drawn", "yes"));
  }

  /** The page's live part is new: the map goes into it, and shows where the van is now. */
  into(place: HTMLElement): void {
    place.replaceChildren(this.container);
    this.van.setLngLat(spot(place.dataset["van"]));
    this.map.resize();
    this.map.fitBounds(this.box(place), { padding: 40, maxZoom: 16 });
  }

  private box(place: HTMLElement): LngLatBounds {
    return new LngLatBounds().extend(spot(place.dataset["van"])).extend(spot(place.dataset["door"]));
  }
}

/** The map in its place; null where this browser can't draw it: the words stay. */
function trackMap(place: HTMLElement): TrackMap | null {
  if (canDraw()) return new TrackMap(place);
  place.replaceChildren();
  return null;
}

declare global {
  interface Window {
    homestretchTrackMap?: typeof trackMap;
  }
}
window.homestretchTrackMap = trackMap; // the page's own script waits for it
