// The theme: the system's, or the one that the person chose on this device. theme.js puts it on before anything is drawn.

/** Told on `document` after a change, for what draws its own colors (maps, charts). */
export const CHANGED = "homestretch:theme";

/** The buttons in the account's menu. */
export function theme(root: HTMLElement = document.documentElement): void {
  const buttons = [...document.querySelectorAll<HTMLButtonElement>("[data-theme-choice]")];
  const mark = (): void => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset["themeChoice"] === (root.dataset["theme"] ?? "")));
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      choose(root, button.dataset["themeChoice"] ?? "");
      mark();
    });
    button.parentElement?.removeAttribute("hidden");
  }
  mark();
}

function choose(root: HTMLElement, chosen: string): void {
  if (chosen) root.dataset["theme"] = chosen;
  else delete root.dataset["theme"];
  try {
    if (chosen) localStorage.setItem("theme", chosen);
    else localStorage.removeItem("theme");
  } catch {
    // a browser that keeps nothing: it holds for this page
  }
  document.dispatchEvent(new CustomEvent(CHANGED));
}
