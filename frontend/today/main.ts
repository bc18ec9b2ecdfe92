// The running day on a real map. The page works without: then its plain chart stays. The page tells by two events when
// its panel was fetched again and when a vehicle moved (see today.js).
import { Popup } from "maplibre-gl";
import type { Map as MapLibre, MapMouseEvent } from "maplibre-gl";
import { basemap, canDraw } from "../shared/basemap";
import { boxOf, spotsOf } from "./day";
import type { Day, Spot } from "./day";
import { STOPS, dress, redraw } from "./layers";
import { Vehicles } from "./vehicles";

interface Moved {
  route_id: string;
  lat: number;
  lon: number;
}

class TodayMap {
  private readonly container = document.createElement("div");
  private readonly said = new Popup({ closeButton: false, className: "said", offset: 12, maxWidth: "18rem" });
  private readonly map: MapLibre;
  private readonly vehicles: Vehicles;

  constructor(private day: Day) {
    this.container.className = "live-map";
    this.take();
    this.map = basemap(this.container, day.basemap, boxOf(spotsOf(day)) ?? [-180, -60, 180, 70], (map) => {
      dress(map, this.day);
      this.vehicles.show(this.day);
    });
    this.map.getCanvas().setAttribute("aria-label", "Map of routes, stops and vehicles; arrows move it, + and - zoom");
    this.vehicles = new Vehicles(this.map, (route) => this.find(route));
    this.map.on("mousemove", STOPS, (event) => this.say(event));
    this.map.on("click", STOPS, (event) => this.say(event));
    this.map.on("mouseleave", STOPS, () => {
      this.said.remove();
      this.map.getCanvas().style.cursor = "";
    });
    this.map.once("idle", () => this.container.setAttribute("data-drawn", "yes"));
  }

  /** The panel is new: the map goes into it as it is, and shows what is new. */
  refresh(day: Day): void {
    this.day = day;
    this.take();
    this.map.resize();
    redraw(this.map, day);
    this.vehicles.show(day);
  }

  move(moved: Moved): void {
    const at: Spot = [moved.lon, moved.lat];
    this.vehicles.move(moved.route_id, at);
    const vehicle = this.day.vehicles.find((one) => one.route === moved.route_id);
    if (vehicle) vehicle.at = at;
  }

  /** Show one route whole. */
  find(route: string): void {
    const box = boxOf(spotsOf(this.day, route));
    if (box) this.map.fitBounds(box, { padding: 64, maxZoom: 16 });
  }

  private take(): void {
    const place = document.getElementById("map-place");
    place?.append(this.container);
    place?.closest(".map")?.classList.add("has-map");
  }

  private say(event: MapMouseEvent & { features?: { properties: Record<string, unknown> }[] }): void {
    const words = event.features?.[0]?.properties["words"];
    if (typeof words !== "string") return;
    this.map.getCanvas().style.cursor = "pointer";
    this.said.setLngLat(event.lngLat).setText(words).addTo(this.map);
  }
}

function told(): Day | null {
  const data = document.getElementById("day-map");
  return data?.textContent ? (JSON.parse(data.textContent) as Day) : null;
}

let shown: TodayMap | null = null;

function refresh(): void {
  const day = told();
  if (!day || !canDraw()) return;
  if (shown) shown.refresh(day);
  else shown = new TodayMap(day);
}

document.addEventListener("today:panel", refresh);
document.addEventListener("today:moved", (event) => shown?.move((event as CustomEvent<Moved>).detail));
document.getElementById("today")?.addEventListener("click", (event) => {
  const route = (event.target as HTMLElement).closest<HTMLElement>("[data-find]")?.dataset["find"];
  if (route) shown?.find(route);
});
refresh();
