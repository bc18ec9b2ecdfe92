import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Unreachable } from "./api";
import { Loop } from "./loop";

/** Rounds that end when the test says so. */
class Rounds {
  begun = 0;
  private end: ((failed: boolean) => void) | undefined;

  readonly round = (): Promise<boolean> => {
    this.begun += 1;
    return new Promise((done, fail) => (this.end = (failed) => (failed ? fail(new Unreachable()) : done(true))));
  };

  async ends(how: "well" | "failed"): Promise<void> {
    this.end!(how === "failed");
    await vi.advanceTimersByTimeAsync(0);
  }
}

let rounds: Rounds;
let loop: Loop;
let said: string[];

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("window", new EventTarget());
  vi.stubGlobal("document", Object.assign(new EventTarget(), { visibilityState: "visible" }));
  vi.stubGlobal("navigator", {});
  rounds = new Rounds();
  said = [];
  const out = async (): Promise<void> => undefined;
  loop = new Loop({ round: rounds.round, say: (line) => said.push(line), out, every: () => 30 });
});

afterEach(() => {
  loop.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const online = (): boolean => window.dispatchEvent(new Event("online"));

describe("the loop of rounds", () => {
  it("makes a round after a tap, and another for a tap that came while it ran", async () => {
    loop.now();
    loop.now();
    expect(rounds.begun).toBe(1);
    await rounds.ends("well");
    expect(rounds.begun).toBe(2);
    await rounds.ends("well");
    await vi.advanceTimersByTimeAsync(29_000);
    expect(rounds.begun).toBe(2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(rounds.begun).toBe(3);
  });

  it("does not repeat a round that failed at once for a tap", async () => {
    loop.now();
    loop.now();
    await rounds.ends("failed");
    expect([rounds.begun, said.at(-1)]).toEqual([1, "offline"]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(rounds.begun).toBe(2);
  });

  it("begins anew when the network comes back while a round is failing", async () => {
    loop.now();
    online();
    await rounds.ends("failed");
    expect(rounds.begun).toBe(2);
    await rounds.ends("well");
    expect(said.at(-1)).toBe("idle");
  });

  it("is not made slow by taps where there is no network", async () => {
    for (let tap = 1; tap <= 40; tap++) {
      loop.now();
      await rounds.ends("failed");
    }
    expect(rounds.begun).toBe(40);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(rounds.begun).toBe(41);
  });

  it("waits longer after each round of its own that fails, and forgets it when the network comes back", async () => {
    loop.now();
    await rounds.ends("failed");
    for (let more = 1; more <= 5; more++) {
      await vi.advanceTimersByTimeAsync(2_000 * 2 ** more);
      await rounds.ends("failed");
    }
    expect(rounds.begun).toBe(6);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(rounds.begun).toBe(6);
    online();
    expect(rounds.begun).toBe(7);
    await rounds.ends("failed");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(rounds.begun).toBe(8);
  });

  it("makes none after it was stopped", async () => {
    loop.now();
    loop.stop();
    await rounds.ends("well");
    online();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(rounds.begun).toBe(1);
  });
});
