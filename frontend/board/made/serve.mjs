// The built board on a made day, on this machine alone: `node frontend/board/made/serve.mjs [--port 8123] [--routes 300] …`
// Serves the page, the bundle, the API that the board asks, and positions as they would stream. Prints its address as JSON.
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { chance, madeDay } from "./day.ts";
import { MadeServer } from "./server.ts";

const { values: asked } = parseArgs({
  options: {
    port: { type: "string", default: "0" }, routes: { type: "string", default: "300" }, stops: { type: "string", default: "10000" },
    vehicles: { type: "string", default: "500" }, left: { type: "string", default: "40" }, live: { type: "boolean", default: false },
    rate: { type: "string", default: "0" },
  },
});
const day = madeDay({
  routes: Number(asked.routes), stops: Number(asked.stops), vehicles: Number(asked.vehicles), left: Number(asked.left), live: asked.live, seed: 5,
});
const made = new MadeServer(day);
const source = join(dirname(fileURLToPath(import.meta.url)), "../../../src/homestretch");
const STATIC = [join(source, "web/static"), join(source, "doors/console/static")];
const TYPES = { ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
const EVENTS = ["plan.edited", "plan.solved"];
const streams = new Set();

const page = () => `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Board</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/static/web/homestretch.css"><link rel="stylesheet" href="/static/web/built/basemap.css">
<link rel="stylesheet" href="/static/web/built/board.css"><script type="module" src="/static/web/built/board.js"></script></head>
<body><main id="main"><div id="board"></div></main><script type="application/json" id="board-config">${JSON.stringify({
  day: day.day, today: day.day, basemap: null, token: "made", events: EVENTS, may: { plan: true, release: true, crew: true },
  links: { board: "/board/DAY", order: "/orders/ID", message: "/messages/ID", write: "" },
})}</script></body></html>`;

function sent(response, body) {
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify(body));
}

let packed = { revision: 0, bytes: null };

/** The whole day, packed once for each revision. */
function whole(response) {
  if (packed.revision !== made.revision) packed = { revision: made.revision, bytes: gzipSync(JSON.stringify(made.board()), { level: 5 }) };
  response.setHeader("Content-Type", "application/json");
  response.setHeader("Content-Encoding", "gzip");
  response.end(packed.bytes);
}

async function body(request) {
  let text = "";
  for await (const part of request) text += String(part);
  return text ? JSON.parse(text) : {};
}

async function api(request, response, path) {
  if (path === "/board") return whole(response);
  if (path === "/board/presence") return sent(response, { people: [] });
  if (path === "/board/preview") return sent(response, { routes: [] }); // a made day has no clock of the road
  const act = path.split("/").at(-1);
  const said = await body(request);
  if (act === "preview") return sent(response, made.change(said.edits ?? [], false));
  if (act === "edits") return sent(response, made.change(said.edits ?? [], true));
  if (act === "undo" || act === "redo") return sent(response, act === "undo" ? made.undo() : made.redo());
  if (act === "insertions") return sent(response, { options: made.day.shifts.slice(0, 3).map((shift, n) => ({ shift: shift.id, position: n, cost: 320 + n * 140 })) });
  if (act === "why") return sent(response, { reasons: [], relaxations: [], elsewhere: { shift: made.day.shifts[1].id, position: 2, cost: 480 } });
  response.statusCode = 404;
  sent(response, { code: "made.not_found", detail: "a made day has no such thing" });
}

function file(response, name) {
  const found = STATIC.map((folder) => join(folder, normalize(name))).find((one) => existsSync(one));
  if (!found) {
    response.statusCode = 404;
    response.end();
    return;
  }
  response.setHeader("Content-Type", TYPES[extname(found)] ?? "application/octet-stream");
  createReadStream(found).pipe(response);
}

function stream(response) {
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  response.write("retry: 2000\n\n");
  streams.add(response);
  response.on("close", () => streams.delete(response));
}

const server = createServer((request, response) => {
  const path = (request.url ?? "/").split("?")[0];
  if (path.startsWith("/static/")) file(response, path.slice(8));
  else if (path.startsWith("/api/v1")) void api(request, response, path.slice(7));
  else if (path === "/live/events") stream(response);
  else response.setHeader("Content-Type", "text/html").end(page());
});

/** `rate` positions a second, in ten beats. */
function drive(rate) {
  const next = chance(9);
  const vans = made.day.vehicles;
  let turn = 0;
  setInterval(() => {
    for (let n = 0; n < rate / 10 && vans.length; n++) {
      const van = vans[turn++ % vans.length];
      van.lat += (next() - 0.5) / 900;
      van.lon += (next() - 0.5) / 700;
      const told = { route_id: van.route_id, lat: van.lat, lon: van.lon, at: new Date().toISOString(), bearing_deg: van.heading };
      for (const one of streams) one.write(`event: position\ndata: ${JSON.stringify(told)}\n\n`);
    }
  }, 100);
}

if (Number(asked.rate) > 0) drive(Number(asked.rate));
server.listen(Number(asked.port), "127.0.0.1", () => {
  const address = server.address();
  console.log(JSON.stringify({ url: `http://127.0.0.1:${typeof address === "object" ? address?.port : asked.port}` }));
});
