// The page's tokens as colors that a chart can draw with: a token may be a light-dark() pair, which only a property
// resolves.
import type { Ink } from "./types";

export function inkOf(page: HTMLElement): Ink {
  const probe = document.createElement("span");
  probe.hidden = true;
  page.append(probe);
  const color = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const ink: Ink = {
    ink: color("ink"),
    soft: color("soft"),
    line: color("line"),
    sheet: color("sheet"),
    raised: color("raised"),
    first: color("series-1"),
    second: color("series-2"),
    good: color("good"),
    warn: color("warn"),
    bad: color("bad"),
    heat: [color("heat-0"), color("heat-1"), color("heat-2")],
    font: getComputedStyle(page).fontFamily,
  };
  probe.remove();
  return ink;
}

/** Call back when the theme changes: by the system, or by the person. */
export function whenThemeChanges(act: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", act);
  new MutationObserver(act).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}
