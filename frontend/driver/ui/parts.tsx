// What every screen is made of.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { conflicts, line, safe, waits } from "../state";
import { t } from "../texts";
import { Icon, type IconName } from "./icons";
import { go } from "./router";

interface Framed {
  title: string;
  back?: () => void;
  children: ComponentChildren;
  foot?: ComponentChildren;
  plain?: boolean;
}

/** A screen: a bar above, what to read in the middle, what to do below, where the thumb is. */
export function Frame({ title, back, children, foot, plain }: Framed) {
  return (
    <div class="frame">
      <header class="bar">
        {back ? (
          <button class="bare" onClick={back} aria-label={t("app.back")}>
            <Icon name="back" flip />
          </button>
        ) : null}
        <h1>{title}</h1>
        {plain ? null : <Status />}
      </header>
      <main>{children}</main>
      {foot ? <footer class="foot">{foot}</footer> : null}
    </div>
  );
}

/** Whether all is sent, in two words; leads to what waits, or to what must be read. */
function Status() {
  const waiting = waits.value.intents + waits.value.pictures;
  const offline = line.value === "offline";
  const icon: IconName = offline ? "off" : waiting > 0 ? "send" : "cloud";
  const text = waiting > 0 ? t("line.waiting", { n: waiting }) : offline ? t("line.offline") : t("line.sent");
  return (
    <button
      class={`status ${offline ? "is-off" : waiting > 0 ? "is-waiting" : "is-good"}`}
      onClick={() => go({ name: "out" })}
    >
      {conflicts.value.length > 0 ? (
        <span class="dot" aria-label={t("conflict.some", { n: conflicts.value.length })} />
      ) : null}
      <Icon name={icon} />
      <span>{text}</span>
    </button>
  );
}

interface Pressed {
  onClick: () => void;
  icon?: IconName;
  kind?: "main" | "good" | "bad" | "quiet";
  disabled?: boolean;
  children: ComponentChildren;
  name?: string;
}

export function Button({ onClick, icon, kind = "quiet", disabled, children, name }: Pressed) {
  return (
    <button class={`button is-${kind}`} onClick={onClick} disabled={disabled} data-do={name}>
      {icon ? <Icon name={icon} /> : null}
      <span>{children}</span>
    </button>
  );
}

export function Notice({ kind, children }: { kind: "good" | "warn" | "bad" | "info"; children: ComponentChildren }) {
  return (
    <div class={`notice is-${kind}`} role={kind === "bad" ? "alert" : undefined}>
      <Icon name={kind === "good" ? "check" : "warn"} />
      <div>{children}</div>
    </div>
  );
}

/** A panel from below, over the screen. Closes by its button, by Escape, and by a tap beside it. */
export function Panel({ title, close, children }: { title: string; close: () => void; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      class="panel"
      ref={dialog}
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
      aria-label={title}
    >
      <header>
        <h2>{title}</h2>
        <button class="bare" onClick={close} aria-label={t("app.close")}>
          <Icon name="cross" />
        </button>
      </header>
      {children}
    </dialog>
  );
}

/** Says that what was just done is safe here, and then that it is sent. It is said only once it is so. */
export function Safe() {
  const kept = safe.value;
  useEffect(() => {
    if (!kept) return;
    const timer = setTimeout(() => safe.value === kept && (safe.value = null), 5000);
    return () => clearTimeout(timer);
  }, [kept]);
  if (!kept) return <div role="status" class="safe-place" />;
  return (
    <div role="status" class="safe-place">
      <p class="safe" data-safe={kept.names.join(" ")}>
        <Icon name="shield" />
        {waits.value.intents + waits.value.pictures === 0 ? t("safe.sent") : t("safe.title")}
      </p>
    </div>
  );
}

export function Choices({
  names,
  chosen,
  pick,
  text,
}: {
  names: readonly string[];
  chosen: string;
  pick: (name: string) => void;
  text: (name: string) => string;
}) {
  return (
    <div class="choices">
      {names.map((name) => (
        <button key={name} class="choice" aria-pressed={name === chosen} onClick={() => pick(name)} data-choice={name}>
          {text(name)}
        </button>
      ))}
    </div>
  );
}
