// Pictures for the eye; words stand beside them or in a label.
const PATHS = {
  back: "M15 5l-7 7 7 7",
  way: "M12 3l8 18-8-4-8 4z",
  call: "M6 3h4l2 5-3 2a11 11 0 005 5l2-3 5 2v4a2 2 0 01-2 2A16 16 0 014 5a2 2 0 012-2z",
  message: "M4 5h16v11H9l-5 4z",
  check: "M5 13l5 5L20 7",
  cross: "M6 6l12 12M18 6L6 18",
  camera: "M4 8h4l2-3h4l2 3h4v11H4zM12 10a3.5 3.5 0 100 7 3.5 3.5 0 000-7z",
  scan: "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M4 12h16",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  box: "M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8",
  pause: "M8 5v14M16 5v14",
  shield: "M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6zM8.5 12l2.5 2.5 4.5-5",
  cloud: "M7 18a4 4 0 010-8 5.5 5.5 0 0110.5-1.5A4.8 4.8 0 0117 18z",
  off: "M3 3l18 18M7 18a4 4 0 010-8c.3-1 .8-1.800 1.500-2.500M12 5.200a5.500 5.500 0 015.500 3.300A4.800 4.800 0 0119.500 17",
  warn: "M12 4l9 16H3zM12 10v4M12 17h.01",
  person: "M12 4a4 4 0 100 8 4 4 0 000-8zM4 20c1-4 4-6 8-6s7 2 8 6",
  key: "M15 4a5 5 0 11-4.500 7L4 17.500V20h3v-2h2v-2h2l1.500-1.500",
  parking: "M7 20V4h6a4.500 4.500 0 010 9H7",
  send: "M12 20V5M6 11l6-6 6 6",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, flip }: { name: IconName; flip?: boolean }) {
  return (
    <svg class={flip ? "icon flips" : "icon"} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
