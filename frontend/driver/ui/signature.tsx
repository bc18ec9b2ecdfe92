// A signature by finger; always dark on white, for it is printed.
import { useEffect, useRef } from "preact/hooks";
import SignaturePad from "signature_pad";
import { pictureOf } from "../device/camera";
import type { Picture } from "../kinds";
import { t } from "../texts";

export function Signature({ set }: { set: (sha256: string | null, picture?: Picture) => void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const pad = useRef<SignaturePad | null>(null);
  useEffect(() => {
    const place = canvas.current!;
    const scale = Math.max(1, devicePixelRatio);
    place.width = place.offsetWidth * scale;
    place.height = place.offsetHeight * scale;
    place.getContext("2d")?.scale(scale, scale);
    const made = new SignaturePad(place, { backgroundColor: "#ffffff", penColor: "#0b131c", minWidth: 1, maxWidth: 3 });
    made.addEventListener("endStroke", () => void pictureOf(place, "image/png").then((one) => set(one.sha256, one)));
    pad.current = made;
    return () => made.off();
  }, []);
  const clear = (): void => {
    pad.current?.clear();
    set("");
  };
  return (
    <section class="signature">
      <div class="row">
        <span>{t("done.sign")}</span>
        <button class="text" onClick={clear}>
          {t("done.clear")}
        </button>
      </div>
      <canvas ref={canvas} aria-label={t("proof.signature")} />
    </section>
  );
}
