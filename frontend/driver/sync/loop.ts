// When a round is made: at once after a tap, on opening, when the network or the page comes back, and by a timer. One
// syncer a phone: whichever tab holds the lock. Failures make the timer slower; only rounds that the timer began count,
// for a driver who taps forty times where there is no network has not tried a server forty times.
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
  private hope = false;
  private stopped = false;

  constructor(private readonly work: Work) {
    window.addEventListener("online", this.anew);
    window.addEventListener("focus", this.anew);
    document.addEventListener("visibilitychange", this.seen);
  }

  /** Ask for a round as soon as can be; one that runs is followed by another, unless it fails. */
  readonly now = (): void => this.ask(false);

  /** What failed before says nothing about now: one that runs is followed by another even where it fails. */
  readonly anew = (): void => {
    this.failures = 0;
    this.hope = true;
    this.now();
  };

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    window.removeEventListener("online", this.anew);
    window.removeEventListener("focus", this.anew);
    document.removeEventListener("visibilitychange", this.seen);
  }

  private readonly seen = (): void => {
    if (document.visibilityState === "visible") this.anew();
  };

  private ask(due: boolean): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    if (this.running) this.again = true;
    else void this.run(due);
  }

  private async run(due: boolean): Promise<void> {
    this.running = true;
    let next_s: number;
    do {
      this.again = this.hope = false;
      next_s = await this.once(due);
    } while ((this.hope || (this.again && this.failures === 0)) && !this.stopped);
    this.running = false;
    if (!this.stopped) this.timer = setTimeout(() => this.ask(true), next_s * 1000);
  }

  private async once(due: boolean): Promise<number> {
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
      this.failures = due ? this.failures + 1 : Math.max(1, this.failures);
      this.work.say("offline");
      return waitS(this.failures, error instanceof Unreachable ? error.wait_s : null);
    }
  }
}

/** Another tab's round goes first; ours then finds less to do. */
const alone = <T>(round: () => Promise<T>): Promise<T> =>
  navigator.locks ? navigator.locks.request(LOCK, () => round()) : round();
