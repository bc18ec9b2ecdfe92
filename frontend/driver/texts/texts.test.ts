import { describe, expect, it } from "vitest";
import { en } from "./en";
import { fill, TABLES } from "./index";

const sources = import.meta.glob("../**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });
const holes = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
/** What the server may say, by the word that stands before it in the table. */
const LISTS = ["kind", "do", "state", "route", "proof", "with", "why", "tap"];

describe.each(Object.entries(TABLES))("the words in %s", (name, table) => {
  it("are all there, and none is left empty", () => {
    expect(Object.keys(table).sort()).toEqual(Object.keys(en).sort());
    expect(Object.entries(table).filter(([, text]) => !text.trim())).toEqual([]);
  });

  it("have the same places to put something in", () => {
    for (const [key, text] of Object.entries(en))
      expect([key, holes(table[key as keyof typeof en])]).toEqual([key, holes(text)]);
  });

  it("are translated", () => {
    const same = Object.entries(table).filter(([key, text]) => text === en[key as keyof typeof en] && text.length > 12);
    if (name !== "en") expect(same).toEqual([]);
  });
});

describe("the texts", () => {
  it("are each used somewhere", () => {
    const code = Object.entries(sources).filter(([file]) => file.startsWith("../"));
    const all = code.map(([, source]) => String(source)).join("\n");
    const unused = Object.keys(en).filter((key) => !all.includes(`"${key}"`) && !LISTS.includes(key.split(".")[0]!));
    expect(unused.filter((key) => !key.startsWith("done.lack."))).toEqual([]);
  });

  it("take what is put in, and leave what is not known", () => {
    expect(fill("{a} of {b}", { a: 1 })).toBe("1 of {b}");
  });
});
