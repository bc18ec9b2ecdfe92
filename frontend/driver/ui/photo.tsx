// The camera in the app itself: a phone short of memory closes the page when it opens its own camera app over it.
import type { RefObject } from "preact";
import { useEffect, useImperativeHandle, useRef, useState } from "preact/hooks";
import { fromFile, snap, startCamera, stopCamera } from "../device/camera";
import type { Picture } from "../kinds";
import { t } from "../texts";
import { Icon } from "./icons";
import { Button } from "./parts";

export interface PhotoHandle {
  /** Take a picture now; does nothing where the camera cannot. */
  take: () => Promise<void>;
}

interface Photographed {
  photos: string[];
  /** Whether the camera opens at once. */
  wanted: boolean;
  set: (photos: string[], picture?: Picture) => void;
  handle?: RefObject<PhotoHandle | null>;
  small?: boolean;
}

export function Photo({ photos, wanted, set, handle, small }: Photographed) {
  const video = useRef<HTMLVideoElement>(null);
  const [open, setOpen] = useState(wanted && photos.length === 0);
  const [blind, setBlind] = useState(false);
  const [shown, setShown] = useState("");
  const showing = open && !blind;
  useEffect(() => (showing ? run(video.current!, () => setBlind(true)) : undefined), [showing]);
  useEffect(() => () => URL.revokeObjectURL(shown), [shown]);
  const keep = (picture: Picture): void => {
    setShown(URL.createObjectURL(new Blob([picture.bytes])));
    setOpen(false);
    set([picture.sha256], picture);
  };
  const [busy, setBusy] = useState(false);
  const take = async (): Promise<void> => {
    if (busy || !video.current) return;
    setBusy(true);
    const picture = await snap(video.current).catch(() => null);
    setBusy(false);
    if (picture) keep(picture);
    else setBlind(true);
  };
  useImperativeHandle(handle ?? null, () => ({ take }));
  if (showing)
    return (
      <section class={small ? "photo is-small" : "photo"}>
        <video ref={video} muted playsInline aria-label={t("proof.photo")} />
        <button
          class="shutter"
          onClick={() => void take()}
          aria-label={t("done.take")}
          aria-busy={busy}
          data-do="shutter"
        />
      </section>
    );
  return (
    <section class={small ? "photo is-small" : "photo"}>
      {blind ? <p class="lack">{t("done.camera_no")}</p> : null}
      {photos.length > 0 && shown ? <img src={shown} alt={t("proof.photo")} /> : null}
      <div class="row">
        {blind ? null : (
          <Button icon="camera" name="camera" onClick={() => setOpen(true)}>
            {t(photos.length > 0 ? "done.again" : "done.take")}
          </Button>
        )}
        <label class="button is-quiet">
          <Icon name="camera" />
          <span>{t("done.file")}</span>
          <input
            type="file"
            accept="image/*"
            hidden
            onChange={(event) => void chosen(event.currentTarget).then((one) => one && keep(one))}
          />
        </label>
      </div>
    </section>
  );
}

async function chosen(input: HTMLInputElement): Promise<Picture | null> {
  const file = input.files?.[0];
  input.value = "";
  return file ? fromFile(file).catch(() => null) : null;
}

function run(video: HTMLVideoElement, blind: () => void): () => void {
  let stream: MediaStream | null = null;
  let stopped = false;
  startCamera(video).then(
    (found) => {
      stream = found;
      if (stopped) stopCamera(found);
    },
    () => !stopped && blind(),
  );
  return () => {
    stopped = true;
    stopCamera(stream);
  };
}
