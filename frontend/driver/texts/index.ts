// The language of the app: the driver's choice, else the phone's. Numbers and times are written as that language does.
import { computed, signal } from "@preact/signals";
import { ar } from "./ar";
import { de } from "./de";
import { en, type Key, type Texts } from "./en";
import { fr } from "./fr";

export type Language = "en" | "fr" | "de" | "ar";
export type { Key } from "./en";

export const TABLES: Record<Language, Texts> = { en, fr, de, ar };
export const NAMES: Record<Language, string> = { en: "English", fr: "Français", de: "Deutsch", ar: "العربية" };
const RTL: readonly Language[] = ["ar"];
/** English as it is written outside of America: 23 November, 24 hours. */
const LOCALES: Record<Language, string> = { en: "en-GB", fr: "fr", de: "de", ar: "ar" };
const KEPT = "homestretch-drive-language";

const isKnown = (name: string | null | undefined): name is Language =>
  name !== null && name !== undefined && name in TABLES;

function first(): Language {
  const kept = localStorage.getItem(KEPT);
  if (isKnown(kept)) return kept;
  return navigator.languages.map((name) => name.slice(0, 2)).find(isKnown) ?? "en";
}

export const language = signal<Language>("en");
export const direction = computed(() => (RTL.includes(language.value) ? "rtl" : "ltr"));

export function startLanguage(): void {
  speak(first());
}

export function choose(name: Language): void {
  localStorage.setItem(KEPT, name);
  speak(name);
}

function speak(name: Language): void {
  language.value = name;
  document.documentElement.lang = name;
  document.documentElement.dir = direction.value;
}

export function fill(text: string, values: Record<string, string | number> = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

export const t = (key: Key, values?: Record<string, string | number>): string =>
  fill(TABLES[language.value][key], values);

/** A word of a list that the server may make longer: what we have no word for is shown as it is. */
export const word = (prefix: string, name: string): string => {
  const key = `${prefix}.${name}`;
  return key in en ? t(key as Key) : name.replaceAll("_", " ");
};

/** An hour in the depot's zone, with Latin digits in every language: drivers compare it with clocks. */
export function clock(iso: string, zone?: string): string {
  const options: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  if (zone) options.timeZone = zone;
  return new Intl.DateTimeFormat(`${LOCALES[language.value]}-u-nu-latn`, options).format(new Date(iso));
}

export const dayName = (day: string): string =>
  new Intl.DateTimeFormat(`${LOCALES[language.value]}-u-nu-latn`, {
    weekday: "short",
    day: "numeric",
    month: "long",
    timeZone: "UTC",
  }).format(new Date(`${day}T00:00:00Z`));
