// The running day, kept fresh: positions move the vehicles at once, facts fetch the panel again, at most every two seconds.
// Two events tell the map, where there is one: today:panel (it is new) and today:moved (a position).
"use strict";

const today = document.getElementById("today");
const line = document.getElementById("line");
const EVERY_MS = 2000;
let asked = 0;
let waiting = null;

function say(text) {
  if (line.textContent !== text) line.textContent = text;
}

function place(moved) {
  const map = document.getElementById("map");
  const vehicle = document.getElementById(`v-${moved.route_id}`);
  if (!map || !vehicle) return refreshSoon();
  const { west, north, x, y, left, top } = map.dataset;
  const across = (moved.lon - west) * x + Number(left);
  const down = (north - moved.lat) * y + Number(top);
  vehicle.setAttribute("transform", `translate(${across.toFixed(1)} ${down.toFixed(1)})`);
  document.dispatchEvent(new CustomEvent("today:moved", { detail: moved }));
}

async function refresh() {
  waiting = null;
  asked = Date.now();
  try {
    const answer = await fetch("/panel", { headers: { Accept: "text/html" } });
    if (answer.status === 401 || answer.status === 403) return location.reload();
    if (!answer.ok) return;
    today.innerHTML = await answer.text();
    document.dispatchEvent(new CustomEvent("today:panel"));
  } catch {
    say("No connection. Trying again…");
  }
}

function refreshSoon() {
  if (waiting === null) waiting = setTimeout(refresh, Math.max(0, asked + EVERY_MS - Date.now()));
}

const stream = new EventSource("/live/events");
stream.onopen = () => { say("Live"); refreshSoon(); };
stream.onerror = () => say("No connection. Trying again…");
stream.addEventListener("position", (event) => place(JSON.parse(event.data)));
stream.addEventListener("reset", refreshSoon);
for (const type of today.dataset.types.split(",")) stream.addEventListener(type, refreshSoon);
setInterval(refreshSoon, 60000);
