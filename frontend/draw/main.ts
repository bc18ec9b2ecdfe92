// An area drawn on the map: a click sets a corner. The text below stays what is sent, and may be written instead.
import type { GeoJSONSource, Map as MapLibre } from "maplibre-gl";
import { basemap, canDraw } from "../shared/basemap";
import type { Basemap } from "../shared/basemap";
import { cornersOf, geometryOf, textOf } from "./ring";

interface Told {
  basemap: Basemap | null;
  box: [number, number, number, number];
  areas: { name: string; geometry: GeoJSON.Geometry }[];
}

class Drawing {
  private readonly place = document.createElement("div");
  private readonly undo = button("Take back the last corner", () => this.change((corners) => corners.slice(0, -1)));
  private map: MapLibre | null = null;

  constructor(
    private readonly text: HTMLTextAreaElement,
    private readonly told: Told,
  ) {
    this.place.className = "draw-map";
    const tools = document.createElement("div");
    tools.className = "toolbar";
    tools.append(this.undo, button("Clear", () => this.change(() => [])));
    text.before(this.place, tools);
    text.addEventListener("input", () => this.draw());
    new IntersectionObserver((seen) => {
      if (!this.map && seen.some((one) => one.isIntersecting)) this.open();
    }).observe(this.place);
  }

  private open(): void {
    this.map = basemap(this.place, this.told.basemap, this.told.box, (map) => {
      map.addSource("others", { type: "geojson", data: collection(this.told.areas.map((area) => area.geometry)) });
      map.addSource("drawn", { type: "geojson", data: collection([]) });
      map.addLayer({ id: "others", type: "line", source: "others", paint: { "line-color": "#7b8896", "line-width": 2 } });
      map.addLayer({ id: "fill", type: "fill", source: "drawn", paint: { "fill-color": "#2f6fed", "fill-opacity": 0.18 } });
      map.addLayer({ id: "line", type: "line", source: "drawn", paint: { "line-color": "#2f6fed", "line-width": 3 } });
      map.addLayer({
        id: "corners",
        type: "circle",
        source: "drawn",
        paint: { "circle-color": "#fff", "circle-radius": 5, "circle-stroke-color": "#2f6fed", "circle-stroke-width": 3 },
      });
      this.draw();
    });
    this.map.getCanvas().setAttribute("aria-label", "Map to draw on; the corners can be written below instead");
    this.map.on("click", ({ lngLat }) => this.change((corners) => [...corners, [lngLat.lng, lngLat.lat]]));
    this.map.once("idle", () => this.place.setAttribute("data-drawn", "yes"));
  }

  private change(act: (corners: [number, number][]) => [number, number][]): void {
    this.text.value = textOf(act(cornersOf(this.text.value) ?? []));
    this.draw();
  }

  private draw(): void {
    const geometry = geometryOf(this.text.value);
    const source = this.map?.getSource<GeoJSONSource>("drawn");
    source?.setData(collection(geometry ? [geometry] : []));
    this.undo.disabled = !cornersOf(this.text.value)?.length;
  }
}

function button(words: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button quiet small";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

function collection(geometries: GeoJSON.Geometry[]): GeoJSON.FeatureCollection {
  return { type: "FeatureCollection", features: geometries.map((geometry) => ({ type: "Feature", properties: {}, geometry })) };
}

const data = document.getElementById("drawing-data");
if (data?.textContent && canDraw()) {
  const told = JSON.parse(data.textContent) as Told;
  for (const text of document.querySelectorAll<HTMLTextAreaElement>("textarea[data-draw]:not([readonly])")) new Drawing(text, told);
}
