// The server, as a phone asks it. What goes wrong is one of two: unreachable (again later), or an answer that says no.
import type { Answer, Fix, Intent, Phone, Refusal } from "../kinds";

export class Unreachable extends Error {
  constructor(
    /** Seconds that the server asks to be left alone. */
    readonly wait_s: number | null = null,
    readonly status: number | null = null,
  ) {
    super("the server is not reached");
  }
}

export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly refusal: Refusal,
  ) {
    super(refusal.code);
  }
}

export interface Known {
  route_id: string | null;
  version: number | null;
  tag: string | null;
}

export interface Piece {
  received: number;
  complete: boolean;
}

export interface Tracker {
  address: string;
  identifier: string;
  link: string;
  qr: string;
}

const SHORT_MS = 20_000;
const TAP_MS = 500; // on top, for each tap that a server at its limit has to take in
const LONG_MS = 120_000;

export class Api {
  constructor(
    private readonly token: string,
    private readonly ask: typeof fetch = (...given) => fetch(...given),
  ) {}

  /** A one-time code becomes this phone's token. */
  static claim(code: string, ask?: typeof fetch): Promise<{ token: string; driver_id: string | null }> {
    return new Api("", ask).json("POST", "/api/v1/devices/claim", { code });
  }

  phone(): Promise<Phone & { share: string }> {
    return this.json("GET", "/api/v1/driver/phone");
  }

  async signOut(): Promise<void> {
    await this.send("DELETE", "/api/v1/driver/phone", undefined, SHORT_MS);
  }

  sync(intents: Intent[], known: Known): Promise<Answer> {
    const told = intents.map(({ id, kind, counter, at, body }) => ({ ...body, id, kind, counter, at }));
    const body = {
      intents: told,
      known_route_id: known.route_id,
      known_version: known.version,
      known_tag: known.tag ?? "",
    };
    return this.json("POST", "/api/v1/driver/sync", body, SHORT_MS + TAP_MS * told.length);
  }

  standing(sha256: string): Promise<Piece> {
    return this.json("GET", `/api/v1/driver/blobs/${sha256}`);
  }

  async whole(sha256: string, bytes: ArrayBuffer): Promise<void> {
    await this.send("PUT", `/api/v1/driver/blobs/${sha256}`, bytes, LONG_MS);
  }

  async piece(sha256: string, start: number, total: number, bytes: ArrayBuffer): Promise<Piece> {
    const address = `/api/v1/driver/blobs/${sha256}?start=${start}&total=${total}`;
    return (await this.send("PATCH", address, bytes, LONG_MS)).json() as Promise<Piece>;
  }

  async door(address: string): Promise<ArrayBuffer> {
    return (await this.send("GET", address, undefined, LONG_MS)).arrayBuffer();
  }

  async positions(fixes: Fix[]): Promise<void> {
    await this.send("POST", "/live/positions", JSON.stringify({ positions: fixes, sent_at: new Date().toISOString() }), SHORT_MS);
  }

  tracker(app: "traccar" | "owntracks"): Promise<Tracker> {
    return this.json("POST", "/api/v1/driver/tracker", { app });
  }

  private async json<T>(method: string, address: string, body?: unknown, ms = SHORT_MS): Promise<T> {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    return (await this.send(method, address, sent, ms)).json() as Promise<T>;
  }

  private async send(method: string, address: string, body: BodyInit | undefined, ms: number): Promise<Response> {
    const headers: Record<string, string> = this.token ? { Authorization: `Bearer ${this.token}` } : {};
    if (body !== undefined)
      headers["Content-Type"] = typeof body === "string" ? "application/json" : "application/octet-stream";
    const options: RequestInit = { method, headers, cache: "no-store", credentials: "omit" };
    if (body !== undefined) options.body = body;
    let answer: Response;
    try {
      answer = await this.ask(address, { ...options, signal: AbortSignal.timeout(ms) });
    } catch {
      throw new Unreachable();
    }
    if (answer.ok) return answer;
    if (answer.status >= 500 || answer.status === 429 || answer.status === 408) {
      throw new Unreachable(Number(answer.headers.get("Retry-After")) || null, answer.status);
    }
    throw new Refused(answer.status, await problemOf(answer));
  }
}

/** A captive portal or a proxy may answer in our place: what is no problem of ours is the network's. */
async function problemOf(answer: Response): Promise<Refusal> {
  if (!answer.headers.get("Content-Type")?.includes("problem+json")) throw new Unreachable(null, answer.status);
  const told = (await answer.json().catch(() => null)) as Record<string, string> | null;
  if (!told?.code) throw new Unreachable(null, answer.status);
  return { code: told.code, cause: told.detail ?? "", remedy: told.remedy ?? "" };
}
