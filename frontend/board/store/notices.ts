// Short words about what happened, said aloud too. Those that went wrong stay until they are closed.
import { Problem } from "./http";
import type { Notice, Store } from "./store";

const STAY_MS = 7000;
const MOST = 3;

export class Notices {
  private last = 0;

  constructor(
    private readonly store: Store,
    private readonly later: (run: () => void, ms: number) => unknown = (run, ms) => setTimeout(run, ms),
  ) {}

  show(tone: Notice["tone"], text: string, more = "", act?: Notice["act"]): void {
    const notice: Notice = { id: ++this.last, tone, text, ...(more ? { more } : {}), ...(act ? { act } : {}) };
    this.store.notices.value = [...this.store.notices.value, notice].slice(-MOST);
    this.store.say(more ? `${text}${text.endsWith(".") ? "" : ":"} ${more}` : text);
    if (tone === "good") this.later(() => this.close(notice.id), STAY_MS);
  }

  close(id: number): void {
    this.store.notices.value = this.store.notices.value.filter((notice) => notice.id !== id);
  }

  /** A refusal in the server's words; a conflict says who did what. */
  refused(error: unknown, act?: Notice["act"]): void {
    if (!(error instanceof Problem)) {
      this.show("bad", "Something went wrong on this page.", String(error));
      return;
    }
    if (error.code === "plan.revision_conflict") {
      this.show("warn", "Your change was not kept: somebody else changed the same stops.", conflict(error));
      return;
    }
    this.show("bad", error.message, error.remedy, error.status === 409 || error.status === 422 ? act : undefined);
  }
}

function conflict(error: Problem): string {
  const changes = error.details["changes"];
  if (!Array.isArray(changes) || changes.length === 0) return error.message;
  return changes
    .slice(0, 3)
    .map((one: { by?: string; what?: string; text?: string }) => one.text ?? `${one.by ?? "Somebody"}: ${one.what ?? "a change"}`)
    .join("; ");
}
