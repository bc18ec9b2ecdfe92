// One map alone, the whole window: what `homestretch map add` has made. The address keeps where one looks.
import { basemap, canDraw } from "../shared/basemap";

const place = document.getElementById("map");
const { light, dark, attribution, bounds } = place?.dataset ?? {};
if (place && light && dark && bounds) {
  const [west, south, east, north] = bounds.split(",").map(Number) as [number, number, number, number];
  if (canDraw()) {
    const wanted = { styles: { light, dark }, attribution: attribution ?? "" };
    const map = basemap(place, wanted, [west, south, east, north], () => undefined, { hash: true });
    map.on("idle", () => place.setAttribute("data-drawn", "yes"));
    map.on("movestart", () => place.removeAttribute("data-drawn"));
  } else {
    place.textContent = "This browser cannot draw maps: it has no WebGL 2.";
  }
}
