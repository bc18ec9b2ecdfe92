// A word about what is under the pointer on the map; the lists say the same to those who use no pointer.
import type { Route, Stop } from "../pure/model";
import { nameOf } from "../pure/model";
import { clock, duration, said, span } from "../pure/words";

export class Tip {
  private readonly box = document.createElement("div");

  constructor() {
    this.box.className = "b-tip";
    this.box.hidden = true;
    this.box.setAttribute("aria-hidden", "true");
    document.body.append(this.box);
  }

  stop(at: MouseEvent, stop: Stop, route: Route | undefined, zone: string): void {
    const lines = [stop.label || stop.address, stop.label ? stop.address : ""];
    if (route) lines.push(`${nameOf(route)}, stop ${stop.at + 1} · ${clock(stop.start, zone)}`);
    else lines.push("On no route");
    if (stop.windows.length) lines.push(`Window ${stop.windows.map((one) => span(...one, zone)).join(", ")}`);
    if (stop.late > 0) lines.push(`${duration(stop.late)} late`);
    if (stop.state !== "planned") lines.push(said(stop.state));
    this.show(at, lines.filter(Boolean));
  }

  text(at: MouseEvent, text: string): void {
    this.show(at, [text]);
  }

  hide(): void {
    this.box.hidden = true;
  }

  remove(): void {
    this.box.remove();
  }

  private show(at: MouseEvent, lines: string[]): void {
    this.box.replaceChildren(...lines.map((line, n) => Object.assign(document.createElement(n ? "span" : "b"), { textContent: line })));
    this.box.hidden = false;
    const left = Math.min(at.clientX + 14, innerWidth - this.box.offsetWidth - 8);
    const top = at.clientY + 16 + this.box.offsetHeight > innerHeight ? at.clientY - this.box.offsetHeight - 12 : at.clientY + 16;
    this.box.style.transform = `translate(${Math.max(8, left)}px, ${top}px)`;
  }
}
