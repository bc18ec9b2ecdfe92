// The screen stays on while a route runs, where the driver wants that; the browser lets go whenever the page is hidden.
let lock: WakeLockSentinel | null = null;
let wanted = false;

async function take(): Promise<void> {
  if (!wanted || lock || document.visibilityState !== "visible") return;
  try {
    lock = await navigator.wakeLock.request("screen");
    lock.addEventListener("release", () => (lock = null));
  } catch {
    lock = null; // a low battery forbids it: the screen then goes off as ever
  }
}

export function keepAwake(on: boolean): void {
  if (!("wakeLock" in navigator)) return;
  if (on && !wanted) document.addEventListener("visibilitychange", take);
  if (!on) document.removeEventListener("visibilitychange", take);
  wanted = on;
  if (on) void take();
  else void lock?.release();
}
