// What every page of the console loads: HTMX (without eval, without styles of its own), the theme, menus, lists with boxes.
import htmx from "htmx.org";
import { drop } from "./drop";
import { menus } from "./menus";
import { preview } from "./preview";
import { theme } from "./theme";
import { ticks } from "./ticks";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}

window.htmx = htmx;
htmx.config.defaultSettleDelay = 0; // a form that was swapped in is HTMX's at once, not 20 ms later
theme();
menus();
drop();
preview();
ticks(document);
document.addEventListener("htmx:afterSwap", (event) => ticks((event as CustomEvent<{ target: Element }>).detail.target));
document.addEventListener("htmx:configRequest", (event) => {
  const asked = (event as CustomEvent<{ verb: string; parameters: FormData }>).detail;
  if (asked.verb !== "get") return;
  for (const [name, value] of [...asked.parameters.entries()]) if (value === "") asked.parameters.delete(name); // short addresses
});
document.addEventListener("focusin", (event) => {
  if (event.target instanceof HTMLInputElement && event.target.hasAttribute("data-copy")) event.target.select();
});
