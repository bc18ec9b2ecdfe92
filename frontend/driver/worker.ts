// Keeps the app on the phone: all its files of one build, each checked against its hash, and nothing of what the server
// says of routes and people. The server puts the list of files before this script.

interface About {
  version: string;
  shell: string;
  files: [string, string][];
}

interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Asked extends Event {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface Worker {
  HOMESTRETCH: About;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  addEventListener(name: "install" | "activate", act: (event: Waiting) => void): void;
  addEventListener(name: "fetch", act: (event: Asked) => void): void;
  addEventListener(name: "message", act: (event: MessageEvent) => void): void;
}

const worker = self as unknown as Worker;
const { version, shell, files } = worker.HOMESTRETCH;
const PREFIX = "drive-";
const NAME = PREFIX + version;

async function keepAll(): Promise<void> {
  const cache = await caches.open(NAME);
  const wanted = files.map(async ([address, integrity]) => {
    const answer = await fetch(address, { cache: "no-cache", integrity });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    await cache.put(address, answer);
  });
  const page = fetch(shell, { cache: "no-cache" }).then((answer) => {
    if (!answer.ok) throw new Error(`${shell}: ${answer.status}`);
    return cache.put(shell, answer);
  });
  await Promise.all([...wanted, page]);
}

async function dropOthers(): Promise<void> {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== NAME);
  await Promise.all(names.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

async function kept(address: string, request: Request): Promise<Response> {
  const found = await (await caches.open(NAME)).match(address);
  return found ?? fetch(request);
}

worker.addEventListener("install", (event) => event.waitUntil(keepAll()));
worker.addEventListener("activate", (event) => event.waitUntil(dropOthers()));
worker.addEventListener("message", (event) => {
  if (event.data === "take over") void worker.skipWaiting();
});
worker.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin) return;
  if (event.request.mode === "navigate" && address.pathname === shell) event.respondWith(kept(shell, event.request));
  else if (files.some(([name]) => name === address.pathname)) event.respondWith(kept(address.pathname, event.request));
});

export {};
