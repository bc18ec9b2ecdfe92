// Light or dark, for what draws its own colors.
export const NIGHT = matchMedia("(prefers-color-scheme: dark)");

/** Whether dark colors are shown: by the person's choice (see console/theme.ts), else by the system's. */
export const isNight = (): boolean => {
  const chosen = document.documentElement.dataset["theme"];
  return chosen ? chosen === "dark" : NIGHT.matches;
};
