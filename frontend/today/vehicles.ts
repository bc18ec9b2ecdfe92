// Vehicles are buttons on the map: they move by themselves, can be reached by key, and say what they are.
import { Marker } from "maplibre-gl";
import type { Map as MapLibre } from "maplibre-gl";
import { isNight } from "../shared/basemap";
import { inWords, lit } from "./day";
import type { Day, Spot } from "./day";

const VAN = "M2 6h11v9H2zM14 9h4l4 3.5V15h-8zM4.5 16a2 2 0 1 0 4 0zM15.5 16a2 2 0 1 0 4 0z";

export class Vehicles {
  private readonly markers = new Map<string, Marker>();

  constructor(
    private readonly map: MapLibre,
    private readonly chosen: (route: string) => void,
  ) {}

  /** Those of the day, and no others. */
  show(day: Day): void {
    const hues = new Map(day.routes.map((route) => [route.id, lit(route.hue, isNight())]));
    for (const [route, marker] of this.markers) {
      if (!day.vehicles.some((vehicle) => vehicle.route === route)) {
        marker.remove();
        this.markers.delete(route);
      }
    }
    for (const vehicle of day.vehicles) {
      const marker = this.markers.get(vehicle.route) ?? this.added(vehicle.route, vehicle.at);
      const button = marker.getElement();
      button.className = `van is-${vehicle.state} ${button.className.replace(/\bvan\b|\bis-\S+/g, "").trim()}`;
      button.style.setProperty("--hue", hues.get(vehicle.route) ?? "#566474");
      const words = `${vehicle.label}: ${inWords(vehicle.state)}`;
      button.title = words;
      button.setAttribute("aria-label", words);
      marker.setLngLat(vehicle.at);
    }
  }

  /** One has moved; false where it is not known yet. */
  move(route: string, at: Spot): boolean {
    return this.markers.get(route)?.setLngLat(at) !== undefined;
  }

  private added(route: string, at: Spot): Marker {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "van";
    button.append(drawn());
    button.addEventListener("click", (event) => {
      event.stopPropagation();
      this.chosen(route);
    });
    const marker = new Marker({ element: button }).setLngLat(at).addTo(this.map);
    this.markers.set(route, marker);
    return marker;
  }
}

function drawn(): SVGSVGElement {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", VAN);
  picture.append(path);
  return picture;
}
