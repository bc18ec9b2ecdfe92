// What is being captured at a stop and is not kept yet. It outlives a step back, not the app: nothing says it is safe.
import { signal } from "@preact/signals";
import type { Picture } from "../kinds";
import { type Capture, EMPTY } from "../model/needs";

export interface Draft {
  capture: Capture;
  pictures: Record<string, Picture>;
}

const NEW: Draft = { capture: EMPTY, pictures: {} };
const drafts = signal<Record<string, Draft>>({});

export const draftOf = (stop_id: string): Draft => drafts.value[stop_id] ?? NEW;

export function change(stop_id: string, changes: Partial<Capture>, picture?: Picture): void {
  const { capture, pictures } = draftOf(stop_id);
  const next: Draft = {
    capture: { ...capture, ...changes },
    pictures: picture ? { ...pictures, [picture.sha256]: picture } : pictures,
  };
  drafts.value = { ...drafts.value, [stop_id]: next };
}

export function drop(stop_id: string): void {
  const { [stop_id]: _, ...rest } = drafts.value;
  drafts.value = rest;
}

/** The pictures that the capture still names: one that was taken again is not sent. */
export function picturesIn({ capture, pictures }: Draft): Picture[] {
  const wanted = [...capture.photos, ...(capture.signature ? [capture.signature] : [])];
  return wanted.map((name) => pictures[name]).filter((one): one is Picture => one !== undefined);
}
