// A place's pin on a map: dragged, set by a click, or moved by the arrow keys. The form's two fields are what counts: what
// is typed there moves the pin, and what moves the pin is written there. The page works without.
import { LngLatBounds, Marker, ScaleControl } from "maplibre-gl";
import type { Map as MapLibre } from "maplibre-gl";
import { basemap, canDraw } from "../shared/basemap";
import type { Basemap } from "../shared/basemap";
import { moved, read, written } from "./degrees";
import type { Spot } from "./degrees";

interface Told {
  basemap: Basemap | null;
  points: { pin?: Spot; entrance?: Spot; parking?: Spot };
  offers: { at: Spot; label: string }[];
  seen: { at: Spot; radius_m: number } | null;
  around: Spot[];
}

const STEPS: Record<string, [number, number]> = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const FAR = 10; // meters with Shift, where one is a step
const PIN = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 22.500c5-5 7.500-9 7.500-12.500a7.500 7.500 0 0 0-15 0c0 3.500 2.500 7.500 7.500 12.500z"/><circle cx="12" cy="10" r="3"/></svg>';

class Pin {
  private readonly button = document.createElement("button");
  private readonly marker: Marker;

  constructor(
    private readonly map: MapLibre,
    private readonly lat: HTMLInputElement,
    private readonly lon: HTMLInputElement,
  ) {
    this.button.className = "pin";
    this.button.type = "button";
    this.button.innerHTML = PIN;
    this.button.addEventListener("keydown", (event) => this.step(event));
    this.marker = new Marker({ element: this.button, draggable: true, anchor: "bottom" });
    this.marker.on("drag", () => this.write(this.here()));
    map.on("click", (event) => this.put([event.lngLat.lng, event.lngLat.lat]));
    for (const input of [lat, lon]) input.addEventListener("input", () => this.typed());
    this.marker.setLngLat(map.getCenter()).addTo(map);
    this.button.classList.add("is-unset");
    this.button.setAttribute("aria-label", `Pin, not set yet. Arrow keys move it from the middle of the map by 1 meter, with Shift by ${FAR}.`);
    this.typed();
  }

  private here(): Spot {
    const { lng, lat } = this.marker.getLngLat();
    return [lng, lat];
  }

  private put(at: Spot): void {
    this.marker.setLngLat(at);
    this.write(at);
  }

  private write(at: Spot): void {
    [this.lon.value, this.lat.value] = [written(at[0]), written(at[1])];
    this.set();
  }

  private set(): void {
    this.button.classList.remove("is-unset");
    this.button.setAttribute("aria-label", `Pin at ${this.lat.value}, ${this.lon.value}. Arrow keys move it by 1 meter, with Shift by ${FAR}.`);
  }

  private typed(): void {
    const at = read(this.lat.value, this.lon.value);
    if (!at) return;
    this.marker.setLngLat(at);
    this.set();
    if (!this.map.getBounds().contains(at)) this.map.jumpTo({ center: at });
  }

  private step(event: KeyboardEvent): void {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const meters = event.shiftKey ? FAR : 1;
    this.put(moved(this.here(), step[0] * meters, step[1] * meters));
    if (!this.map.getBounds().contains(this.here())) this.map.panTo(this.here());
  }
}

function small(map: MapLibre, at: Spot, look: string, text: string, title: string): void {
  const element = document.createElement("span");
  element.className = `pin-small ${look}`;
  element.textContent = text;
  element.title = title;
  new Marker({ element }).setLngLat(at).addTo(map);
}

function main(): void {
  const container = document.getElementById("pin-map");
  const data = document.getElementById("pin-data");
  if (!container || !data?.textContent || !canDraw()) return container?.remove();
  const told = JSON.parse(data.textContent) as Told;
  const bounds = told.around.reduce((box, at) => box.extend(at), new LngLatBounds());
  const map = basemap(container, told.basemap, bounds, () => undefined, { fitBoundsOptions: { padding: 64, maxZoom: 17 } });
  map.getCanvas().setAttribute("aria-label", "Map around the place; arrows move it, + and - zoom");
  map.addControl(new ScaleControl(), "bottom-left");
  told.offers.forEach((offer, index) => small(map, offer.at, "is-offer", String(index + 1), offer.label));
  if (told.points.entrance) small(map, told.points.entrance, "", "E", "Entrance");
  if (told.points.parking) small(map, told.points.parking, "", "P", "Parking");
  if (told.seen) small(map, told.seen.at, "is-seen", "", "Where phones stood");
  const [lat, lon] = ["lat", "lon"].map((name) => document.querySelector<HTMLInputElement>(`#pin-form [name=${name}]`));
  if (lat && lon) new Pin(map, lat, lon);
  else if (told.points.pin) small(map, told.points.pin, "", "", "The place");
  map.once("idle", () => container.setAttribute("data-drawn", "yes"));
}

main();
