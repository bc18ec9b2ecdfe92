// The app's own renewal. A new one waits until it is let in, and it is let in only when nothing is being captured.
import { effect, signal } from "@preact/signals";

export const waitingUpdate = signal(false);
/** Set while a capture is open: then nothing is reloaded, whatever waits. */
export const capturing = signal(false);

const CHECK_MS = 60 * 60_000;
let registration: ServiceWorkerRegistration | undefined;

export async function startUpdates(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const hadOne = navigator.serviceWorker.controller !== null;
  let replaced = false;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (!hadOne || replaced) return;
    replaced = true;
    const stop = effect(() => {
      if (capturing.value) return;
      queueMicrotask(() => stop());
      location.reload();
    });
  });
  registration = await navigator.serviceWorker.register("/drive/sw.js", { scope: "/drive/" });
  const look = (): void => {
    waitingUpdate.value = registration?.waiting !== null && navigator.serviceWorker.controller !== null;
  };
  look();
  registration.addEventListener("updatefound", () => registration?.installing?.addEventListener("statechange", look));
  if (waitingUpdate.value) takeUpdate(); // nothing is open yet: the best moment there is
  setInterval(() => void registration?.update().catch(() => undefined), CHECK_MS);
}

export function takeUpdate(): void {
  if (!capturing.value) registration?.waiting?.postMessage("take over");
}
