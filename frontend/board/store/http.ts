// One way to ask the server: the form's token, a key that makes a repeated POST one, and refusals as they are written.
export interface ProblemBody {
  code?: string;
  detail?: string;
  remedy?: string;
  details?: Record<string, unknown>;
}

/** The server says no, or cannot be reached (code `network`). */
export class Problem extends Error {
  readonly code: string;
  readonly remedy: string;
  readonly details: Record<string, unknown>;
  readonly status: number;

  constructor(status: number, body: ProblemBody) {
    super(body.detail ?? "the server gave no reason");
    this.status = status;
    this.code = body.code ?? `http.${status}`;
    this.remedy = body.remedy ?? "";
    this.details = body.details ?? {};
  }
}

/** A key for one act, also where the page is served without TLS. */
export function key(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export interface More {
  signal?: AbortSignal | undefined;
  /** The version that was seen, where the server wants to know. */
  match?: number | null;
  /** Sent also while the page is left. */
  lasts?: boolean;
}

export type Ask = <T>(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown, more?: More) => Promise<T>;

const BASE = "/api/v1";

/** What stands at a path, with its entity tag; null where that is still the one that was seen. */
export async function tagged<T>(path: string, seen: string): Promise<{ body: T; tag: string } | null> {
  const answer = await fetched(BASE + path, { cache: "no-store", headers: { Accept: "application/json", ...(seen ? { "If-None-Match": seen } : {}) } });
  if (answer.status === 304) return null;
  const text = await answer.text();
  if (!answer.ok) throw new Problem(answer.status, bodyOf(text));
  return { body: JSON.parse(text) as T, tag: answer.headers.get("ETag") ?? "" };
}

async function fetched(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Problem(0, { code: "network", detail: "The server cannot be reached.", remedy: "It is tried again by itself." });
  }
}

export function asker(token: string, base = BASE): Ask {
  return async <T>(method: string, path: string, body?: unknown, { signal, match, lasts = false }: More = {}): Promise<T> => {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (method !== "GET") Object.assign(headers, { "X-CSRFToken": token, "Idempotency-Key": key() });
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (match !== undefined && match !== null) headers["If-Match"] = `"${match}"`;
    const answer = await fetched(base + path, {
      method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }), ...(signal ? { signal } : {}), keepalive: lasts,
    });
    const text = await answer.text();
    if (!answer.ok) throw new Problem(answer.status, bodyOf(text));
    return (text ? JSON.parse(text) : null) as T;
  };
}

function bodyOf(text: string): ProblemBody {
  try {
    return JSON.parse(text) as ProblemBody;
  } catch {
    return {};
  }
}
