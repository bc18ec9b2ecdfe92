// Small pictures for buttons, drawn by us; each button has a name.
const PATHS: Record<string, string> = {
  left: "M14 6l-6 6 6 6", right: "M10 6l6 6-6 6", plus: "M12 5v14M5 12h14", minus: "M5 12h14", close: "M6 6l12 12M18 6L6 18",
  undo: "M9 7L4 12l5 5M4 12h10a6 6 0 0 1 0 12", redo: "M15 7l5 5-5 5M20 12H10a6 6 0 0 0 0 12",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M5 11h14v9H5z", free: "M7 11V8a5 5 0 0 1 9.6-2M5 11h14v9H5z",
  lasso: "M12 4c5 0 9 2.500 9 6s-4 6-9 6-9-2.500-9-6 4-6 9-6zM8 15.500c-2 1-2.500 3 0 4.500",
  box: "M4 4h4M12 4h4M20 4v4M20 12v4M20 20h-4M12 20H8M4 20v-4M4 12V8", hand: "M7 12V6.500a1.500 1.500 0 0 1 3 0V11V4.500a1.500 1.500 0 0 1 3 0V11V6a1.500 1.500 0 0 1 3 0v6V9a1.500 1.500 0 0 1 3 0v5c0 4-3 7-6 7-3 0-5-1.500-7-5l-2-3.500c-.5-1.500 1.500-2.500 2.500-1z",
  search: "M10.500 4a6.500 6.500 0 1 1 0 13 6.500 6.500 0 0 1 0-13zM15.500 15.500L21 21", help: "M9 9a3 3 0 1 1 4.500 2.600c-1 .6-1.500 1.200-1.500 2.400M12 18v.5", fit: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  driver: "M12 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7M5 20c0-3.500 3-5.500 7-5.500s7 2 7 5.500z",
  more: "M5 12h.01M12 12h.01M19 12h.01", van: "M3 6h10v10H3zM13 10h4l4 3v3h-8M6 19a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3M17 19a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3",
};

export function Picture({ name }: { name: string }) {
  return (
    <svg class="b-icon" viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">
      <path d={PATHS[name] ?? ""} />
    </svg>
  );
}

interface Props {
  name: string;
  label: string;
  onClick: () => void;
  disabled?: boolean;
  pressed?: boolean;
  keys?: string;
}

export function Icon({ name, label, onClick, disabled = false, pressed, keys }: Props) {
  return (
    <button
      type="button" class="b-icon-button" aria-label={label} title={keys ? `${label} (${keys})` : label} disabled={disabled}
      aria-pressed={pressed} aria-keyshortcuts={keys} onClick={onClick}
    >
      <Picture name={name} />
    </button>
  );
}
