// The way driven: watched while a route runs, kept as often as the speed asks for, sent by the syncer in batches.
import type { Fix } from "../kinds";
import { worth } from "../model/geo";

export interface Watching {
  /** Every reading, for the geofence. */
  seen: (fix: Fix) => void;
  /** Those worth keeping. */
  keep: (fix: Fix) => void;
  refused: () => void;
}

let watch: number | null = null;

export function watchPosition(on: boolean, { seen, keep, refused }: Watching): void {
  if (!("geolocation" in navigator) || on === (watch !== null)) return;
  if (!on) {
    navigator.geolocation.clearWatch(watch!);
    watch = null;
    return;
  }
  let last: Fix | null = null;
  const take = (position: GeolocationPosition): void => {
    const fix = fixOf(position);
    seen(fix);
    if (!worth(fix, last)) return;
    last = fix;
    keep(fix);
  };
  const fail = (error: GeolocationPositionError): void => {
    if (error.code === error.PERMISSION_DENIED) refused();
  };
  watch = navigator.geolocation.watchPosition(take, fail, {
    enableHighAccuracy: true,
    maximumAge: 5_000,
    timeout: 60_000,
  });
}

const whole = (value: number | null | undefined, factor = 1): number | null =>
  value === null || value === undefined || !Number.isFinite(value) || value < 0 ? null : Math.round(value * factor);

export function fixOf({ coords, timestamp }: GeolocationPosition): Fix {
  return {
    lat: coords.latitude,
    lon: coords.longitude,
    at: new Date(timestamp).toISOString(),
    accuracy_m: whole(coords.accuracy),
    speed_mh: whole(coords.speed, 3600),
    bearing_deg: whole(coords.heading),
  };
}
