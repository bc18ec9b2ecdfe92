// When a round is made: at once after a tap, on opening, when the network or the page comes back, and by a timer. One
// syncer a phone: whichever tab holds the lock.
import { Refused, Unreachable } from "./api";
import { waitS } from "./backoff";

export type Line = "idle" | "busy" | "offline" | "out";

export interface Work {
  /** One round; true where nothing waits any more. */
  round: () => Promise<boolean>;
  say: (line: Line) => void;
  /** The server does not know this phone any more. */
  out: () => Promise<void>;
  /** Seconds to the next round when all is well. */
  every: () => number;
}

const LOCK = "homestretch-sync";

export class Loop {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private running = false;
  private again = false;
  private stopped = false;

  constructor(private readonly work: Work) {
    window.addEventListener("online", this.now);
    window.addEventListener("focus", this.now);
    document.addEventListener("visibilitychange", this.seen);
  }

  /** Ask for a round as soon as can be; one that runs is followed by another. */
  readonly now = (): void => {
    if (this.stopped) return;
    clearTimeout(this.timer);
    if (this.running) this.again = true;
    else void this.run();
  };

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    window.removeEventListener("online", this.now);
    window.removeEventListener("focus", this.now);
    document.removeEventListener("visibilitychange", this.seen);
  }

  private readonly seen = (): void => {
    if (document.visibilityState === "visible") this.now();
  };

  private async run(): Promise<void> {
    this.running = true;
    let next_s = this.work.every();
    do {
      this.again = false;
      next_s = await this.once();
    } while (this.again && this.failures === 0 && !this.stopped);
    this.running = false;
    if (!this.stopped) this.timer = setTimeout(this.now, next_s * 1000);
  }

  private async once(): Promise<number> {
    this.work.say("busy");
    try {
      await alone(this.work.round);
      this.failures = 0;
      this.work.say("idle");
      return this.work.every();
    } catch (error) {
      if (error instanceof Refused && (error.status === 401 || error.status === 403)) {
        this.stop();
        this.work.say("out");
        await this.work.out();
        return 0;
      }
      this.failures += 1;
      this.work.say("offline");
      return waitS(this.failures, error instanceof Unreachable ? error.wait_s : null);
    }
  }
}

/** Another tab's round goes first; ours then finds less to do. */
const alone = <T>(round: () => Promise<T>): Promise<T> =>
  navigator.locks ? navigator.locks.request(LOCK, () => round()) : round();
