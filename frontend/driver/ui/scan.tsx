// The camera as a reader of codes, with a line to type one where it cannot read.
import { useEffect, useRef, useState } from "preact/hooks";
import { startCamera, stopCamera } from "../device/camera";
import { reading } from "../device/scanner";
import { t } from "../texts";
import { Panel } from "./parts";

const EVERY_MS = 150;
const AGAIN_MS = 2500; // the same code counts again only after this

interface Scanned {
  title: string;
  close: () => void;
  onCode: (code: string) => void;
  /** What the last code meant. */
  said?: string | undefined;
  good?: boolean;
}

export function Scanner({ title, close, onCode, said, good }: Scanned) {
  const video = useRef<HTMLVideoElement>(null);
  const take = useRef(onCode);
  take.current = onCode;
  const [blind, setBlind] = useState(false);
  const [typed, setTyped] = useState("");
  useEffect(
    () =>
      watch(
        video.current!,
        (code) => take.current(code),
        () => setBlind(true),
      ),
    [],
  );
  const submit = (event: Event): void => {
    event.preventDefault();
    if (typed.trim()) onCode(typed.trim());
    setTyped("");
  };
  return (
    <Panel title={title} close={close}>
      <div class="finder" hidden={blind}>
        <video ref={video} muted playsInline aria-label={t("scan.hint")} />
        <span class="frame-mark" aria-hidden="true" />
      </div>
      <p class={said ? (good ? "said is-good" : "said is-bad") : "said"} role="status">
        {said ?? (blind ? t("scan.no") : t("scan.hint"))}
      </p>
      <form class="typed" onSubmit={submit}>
        <label>
          <span>{t("scan.type")}</span>
          <input
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
            autocomplete="off"
            autocapitalize="characters"
            enterkeyhint="done"
            maxLength={120}
          />
        </label>
        <button class="button is-main">{t("scan.ok")}</button>
      </form>
    </Panel>
  );
}

/** Look for codes until told to stop. */
function watch(video: HTMLVideoElement, onCode: (code: string) => void, blind: () => void): () => void {
  let stream: MediaStream | null = null;
  let stopped = false;
  const seen = new Map<string, number>();
  const run = async (): Promise<void> => {
    const reader = reading();
    stream = await startCamera(video);
    while (!stopped) {
      for (const { rawValue } of await (await reader).detect(video)) {
        if (rawValue && Date.now() - (seen.get(rawValue) ?? 0) > AGAIN_MS) onCode(rawValue);
        seen.set(rawValue, Date.now());
      }
      await new Promise((done) => setTimeout(done, EVERY_MS));
    }
  };
  run()
    .catch(() => !stopped && blind())
    .finally(() => stopCamera(stream));
  return () => {
    stopped = true;
    stopCamera(stream);
  };
}
