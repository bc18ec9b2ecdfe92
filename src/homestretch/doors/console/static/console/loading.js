// Scans and taps at the depot. A scanner types where the caret is and does not wait: each scan is taken at once, the
// field is free for the next, and the scans are sent one after another, so none is lost while an answer is on its way.
// A tone says how it went to who looks at the package, not at the screen.
const TONES = { good: [880, 0.08], warn: [440, 0.25], alarm: [180, 0.7] };
const AGAIN_MS = 3000;
const waiting = [];
let sound = null;
let sending = false;

function say(tone) {
  const [pitch, lasts] = TONES[tone] ?? [];
  if (!pitch) return;
  sound ??= new AudioContext();
  const [voice, volume] = [sound.createOscillator(), sound.createGain()];
  voice.frequency.value = pitch;
  volume.gain.value = 0.2;
  voice.connect(volume).connect(sound.destination);
  voice.start();
  voice.stop(sound.currentTime + lasts);
}

function show(part) {
  const typed = document.getElementById("code")?.value ?? "";
  document.getElementById("load").innerHTML = part;
  const said = document.querySelector("[data-tone]");
  if (said) say(said.dataset.tone);
  const field = document.getElementById("code");
  if (!field) return;
  field.value = typed;
  field.focus({ preventScroll: true });
}

function alarm(where, words) {
  const said = Object.assign(document.createElement("div"), { className: "said is-alarm", role: "alert" });
  said.append(Object.assign(document.createElement("b"), { textContent: where }));
  said.append(Object.assign(document.createElement("span"), { textContent: words }));
  document.querySelector("#load [aria-live]").replaceChildren(said);
  say("alarm");
}

function taken(form, by) {
  const fields = new URLSearchParams(new FormData(form, by));
  const headers = { "HX-Request": "true" };
  const posts = form.method === "post";
  return posts ? [form.action, { method: "POST", body: fields, headers }] : [`${form.action}?${fields}`, { headers }];
}

async function send() {
  if (sending) return;
  sending = true;
  while (waiting.length > 0) {
    const answer = await fetch(...waiting[0]).catch(() => null);
    if (!answer || answer.status >= 500) {
      alarm("No connection", `${waiting.length} not sent yet: they are sent as soon as the server answers. Keep this page open.`);
      setTimeout(send, AGAIN_MS);
      break;
    }
    waiting.shift();
    if (answer.redirected) location.assign(answer.url);
    else if (answer.ok) show(await answer.text());
    else alarm("Not taken", `The server refused it (${answer.status}): open the page again.`);
  }
  sending = false;
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-scan]");
  if (!form) return;
  event.preventDefault();
  waiting.push(taken(form, event.submitter));
  const field = form.querySelector("#code");
  if (field) field.value = "";
  send();
});
addEventListener("online", send);
addEventListener("beforeunload", (event) => {
  if (waiting.length > 0) event.preventDefault();
});
// Keys that are typed while no field has the caret are a scanner's.
document.addEventListener("keydown", (event) => {
  const typed = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey && event.key !== " ";
  if (typed && !event.target.closest("input, textarea, select")) document.getElementById("code")?.focus();
});
