// Colors for what is drawn rather than styled: read from the page's own tokens, anew when light turns dark.
import { signal } from "@preact/signals";
import { NIGHT, isNight } from "../../shared/night";

export interface Theme {
  night: boolean;
  ink: string;
  soft: string;
  line: string;
  ground: string;
  sheet: string;
  accent: string;
  good: string;
  warn: string;
  bad: string;
  map: string;
}

const LIGHT = ["#2f6fed", "#c2410c", "#0f8a5f", "#8a3ffc", "#a3338f", "#0e7490", "#7a6a00", "#4b5bd6", "#5f4b3a", "#3f7d20", "#9a5b13", "#5b6b7f"];
const DARK = ["#7aa8ff", "#ff9a66", "#4fd0a0", "#bb93ff", "#ec86d8", "#5cc5dc", "#d3c04a", "#9aa5ff", "#c9b29b", "#93d06d", "#e0a865", "#aab8c9"];

export const hues = (night: boolean): readonly string[] => (night ? DARK : LIGHT);
export const hueOf = (theme: Theme, hue: number): string => hues(theme.night)[hue % LIGHT.length]!;

/** What a token is at this moment: it may be a pair of colors, so an element is asked. */
function read(): Theme {
  const probe = document.documentElement.appendChild(document.createElement("i"));
  probe.hidden = true;
  const style = getComputedStyle(probe);
  const token = (name: string, other: string): string => {
    probe.style.color = other;
    probe.style.color = `var(--${name}, ${other})`;
    return style.color || other;
  };
  const found = tokens(token);
  probe.remove();
  return found;
}

function tokens(token: (name: string, other: string) => string): Theme {
  return {
    night: isNight(), ink: token("ink", "#16202b"), soft: token("soft", "#566474"), line: token("line", "#dde3ea"),
    ground: token("ground", "#f4f6f9"), sheet: token("sheet", "#fff"), accent: token("accent", "#2459c9"),
    good: token("good", "#0b7a53"), warn: token("warn", "#a85100"), bad: token("bad", "#b3213f"), map: token("map", "#eaeff5"),
  };
}

export const theme = signal<Theme>(read());
const renew = (): void => void (theme.value = read());
NIGHT.addEventListener("change", renew);
new MutationObserver(renew).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });

export const still = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;
