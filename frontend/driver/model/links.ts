// Addresses that open other apps: the way there, a call, a message.
import type { Place, Point } from "../kinds";

export interface Way {
  name: "geo" | "google" | "apple" | "waze";
  href: string;
}

/** Where one drives to: the parking spot, else the entrance, else the pin. */
export const target = (place: Place): Point | null =>
  place.parking ??
  place.entrance ??
  (place.lat === null || place.lon === null ? null : { lat: place.lat, lon: place.lon });

/** iOS opens no geo: address, and has Apple's maps instead. */
export function ways(place: Place, apple: boolean): Way[] {
  const point = target(place);
  const spot = point ? `${point.lat},${point.lon}` : "";
  const words = encodeURIComponent(place.address);
  const to = point ? spot : words;
  const found: Way[] = [
    { name: "google", href: `https://www.google.com/maps/dir/?api=1&travelmode=driving&destination=${to}` },
    { name: "waze", href: point ? `https://waze.com/ul?ll=${spot}&navigate=yes` : `https://waze.com/ul?q=${words}` },
  ];
  const apples: Way = { name: "apple", href: `https://maps.apple.com/?dirflg=d&daddr=${to}` };
  const geo: Way = { name: "geo", href: point ? `geo:${spot}?q=${spot}(${words})` : `geo:0,0?q=${words}` };
  return apple ? [apples, ...found] : [geo, ...found, apples];
}

export const isApple = (): boolean => /iPhone|iPad|Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 0;

export const callTo = (phone: string): string => `tel:${phone}`;

export const textTo = (phone: string, text: string): string => `sms:${phone}?body=${encodeURIComponent(text)}`;
