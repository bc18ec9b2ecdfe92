// The running day, kept fresh: positions move the vehicles at once, facts fetch the panel again, at most every two seconds.
// Two events tell the map, where there is one: today:panel (it is new) and today:moved (a position).
"use strict";

const today = document.getElementById("today");
const line = document.getElementById("line");
const EVERY_MS = Number(today.dataset.every);
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

// Somebody is about to say something in the panel: it must not be taken from under their hands.
function isInUse() {
  return today.querySelector("details[open]") !== null || today.querySelector("input:focus, select:focus") !== null;
}

async function refresh() {
  waiting = null;
  asked = Date.now();
  if (isInUse()) return refreshSoon();
  try {
    const answer = await fetch(today.dataset.panel, { headers: { Accept: "text/html" } });
    if (answer.status === 401 || answer.status === 403) return location.reload();
    if (!answer.ok) return;
    const text = await answer.text();
    if (isInUse()) return refreshSoon();
    const scrolled = [...today.querySelectorAll("[tabindex]")].map((list) => list.scrollTop);
    today.innerHTML = text;
    today.querySelectorAll("[tabindex]").forEach((list, number) => { list.scrollTop = scrolled[number] ?? 0; });
    document.dispatchEvent(new CustomEvent("today:panel"));
  } catch {
    say("No connection. Trying again…");
  }
}

function refreshSoon() {
  if (waiting === null) waiting = setTimeout(refresh, Math.max(0, asked + EVERY_MS - Date.now()));
}

today.addEventListener("change", (event) => {
  if (event.target.hasAttribute("data-submits") && event.target.value) event.target.form.requestSubmit();
});

const stream = new EventSource("/live/events");
stream.onopen = () => { say("Live"); refreshSoon(); };
stream.onerror = () => say("No connection. Trying again…");
stream.addEventListener("position", (event) => place(JSON.parse(event.data)));
stream.addEventListener("reset", refreshSoon);
for (const type of today.dataset.types.split(",")) stream.addEventListener(type, refreshSoon);
setInterval(refreshSoon, 60000);
