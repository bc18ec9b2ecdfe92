// The recipient's page works without this: it only keeps what changes fresh, brings the map when it is asked for, and
// makes a photo small before it travels.
const live = document.getElementById("live");
let map = null; // the map that was asked for, kept while the page's live part is exchanged

if (live && Number(live.dataset.fresh)) {
  setInterval(refresh, Number(live.dataset.fresh));
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
}

async function refresh() {
  if (document.hidden) return;
  const answer = await fetch(live.dataset.from, { cache: "no-store" }).catch(() => null);
  if (!answer || !answer.ok) return;
  const text = await answer.text();
  if (text === live.dataset.shown) return;
  live.dataset.shown = text;
  live.innerHTML = text;
  place();
}

function place() {
  const spot = document.getElementById("map-place");
  const button = spot?.querySelector("button");
  if (map && spot) map.into(spot);
  else if (button) {
    button.hidden = false;
    button.addEventListener("click", () => draw(spot, button), { once: true });
  }
}

async function draw(spot, button) {
  button.disabled = true;
  const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: spot.dataset.style });
  document.head.append(sheet);
  await import(spot.dataset.script);
  map = window.homestretchTrackMap(document.getElementById("map-place"));
}

place();

const photo = document.querySelector("#photo input[type=file]");
photo?.addEventListener("change", async () => {
  const file = photo.files[0];
  if (!file || file.size < 600_000) return;
  const image = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  if (!image) return; // the server says what is wrong with it
  const scale = Math.min(1, 1280 / Math.max(image.width, image.height));
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width * scale, height: image.height * scale });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  if (!blob || blob.size >= file.size) return;
  const small = new DataTransfer();
  small.items.add(new File([blob], "door.jpg", { type: "image/jpeg" }));
  photo.files = small.files;
});

const target = location.hash && document.querySelector(location.hash);
if (target instanceof HTMLDetailsElement) target.open = true;
