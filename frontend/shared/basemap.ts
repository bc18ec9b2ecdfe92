// A MapLibre map on our own tiles: worker from our own origin, letters drawn by this machine, attribution always shown.
import { AttributionControl, Map as MapLibre, NavigationControl, setWorkerUrl } from "maplibre-gl";
import type { LngLatBoundsLike, MapOptions, StyleSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import "maplibre-gl/dist/maplibre-gl.css";
import { NIGHT, isNight } from "./night";

export { isNight };

export interface Basemap {
  styles: { light: string; dark: string };
  attribution: string;
}

declare global {
  interface Window {
    homestretchMap?: MapLibre;
  }
}

/** Whether this browser can draw it; a page keeps what it had otherwise. */
export function canDraw(): boolean {
  try {
    return document.createElement("canvas").getContext("webgl2") !== null;
  } catch {
    return false;
  }
}

/** Where no map was added the page's own layers stand on plain ground. */
function bare(): StyleSpecification {
  return { version: 8, sources: {}, layers: [{ id: "ground", type: "background", paint: { "background-color": isNight() ? "#131c26" : "#eaeff5" } }] };
}

/** The map in `container`; `dressed` puts the page's own layers on it, after each change of style. */
export function basemap(
  container: HTMLElement,
  wanted: Basemap | null,
  bounds: LngLatBoundsLike,
  dressed: (map: MapLibre) => void,
  more: Partial<MapOptions> = {},
): MapLibre {
  setWorkerUrl(workerUrl);
  const style = (): string | StyleSpecification => (wanted ? wanted.styles[isNight() ? "dark" : "light"] : bare());
  const map = new MapLibre({
    container,
    style: style(),
    bounds,
    fitBoundsOptions: { padding: 48, maxZoom: 15 },
    attributionControl: false,
    cooperativeGestures: matchMedia("(max-width: 40rem)").matches,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maxZoom: 20,
    maxPitch: 0,
    fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 200,
    ...more,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new AttributionControl({ compact: false, ...(wanted?.attribution && { customAttribution: wanted.attribution }) }));
  window.homestretchMap = map; // for whoever looks into the page's console
  map.on("style.load", () => dressed(map));
  const restyle = (): void => void map.setStyle(style(), { diff: false });
  NIGHT.addEventListener("change", restyle);
  document.addEventListener("homestretch:theme", restyle);
  return map;
}
