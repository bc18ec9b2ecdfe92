// The outcome of a stop: what it asks for, and one button that keeps all of it or nothing.
import { useEffect, useRef, useState } from "preact/hooks";
import { capturing } from "../device/updates";
import type { Picture, Sheet, Stop } from "../kinds";
import { isFull } from "../store/room";
import { doneTaps, failedTaps, lacks, leftOut, needs, type Where } from "../model/needs";
import { act as keepTaps, here, look, roomLeft } from "../state";
import { type Key, t, word } from "../texts";
import { numberOf } from "../model/belief";
import { change, draftOf, drop, picturesIn } from "./draft";
import { LeftOut, Names, Pins, Scans } from "./fields";
import { Photo, type PhotoHandle } from "./photo";
import { Button, Choices, Frame, Notice } from "./parts";
import { instead } from "./router";
import { Signature } from "./signature";
import { doneWord } from "./stop";

const OFTEN = [
  "recipient_absent",
  "refused",
  "business_closed",
  "no_access",
  "address_not_found",
  "address_wrong",
  "damaged",
  "recipient_rescheduled",
];

/** Where a name says more than the word. */
const OF_NAME: readonly string[] = ["household_member", "neighbor", "other"];

interface Captured {
  sheet: Sheet;
  stop: Stop;
  act: "done" | "fail";
}

export function Capture({ sheet, stop, act }: Captured) {
  useEffect(() => {
    capturing.value = true;
    void look();
    return () => {
      capturing.value = false;
    };
  }, []);
  const title = `${numberOf(sheet, stop)} · ${act === "done" ? doneWord(stop) : t("fail.title")}`;
  const back = (): void => history.back();
  return act === "done" ? (
    <Done sheet={sheet} stop={stop} title={title} back={back} />
  ) : (
    <Fail sheet={sheet} stop={stop} title={title} back={back} />
  );
}

interface Form {
  sheet: Sheet;
  stop: Stop;
  title: string;
  back: () => void;
}

const where = (): Where => (here.value ? { lat: here.value.lat, lon: here.value.lon } : {});

/** Keep it, then go on; where the phone cannot, stay and say so: nothing of it is lost by that. */
function useKeeping(stop: Stop, act: "done" | "fail") {
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const keep = async (make: () => Parameters<typeof keepTaps>[0]): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setWrong("");
    try {
      await keepTaps(make(), picturesIn(draftOf(stop.stop_id)));
      drop(stop.stop_id);
      instead({ name: "stop", id: stop.stop_id, act }, { name: "day" });
    } catch (error) {
      setWrong(isFull(error) ? t("done.unsafe") : t("done.failed", { why: String(error) }));
      setBusy(false);
    }
  };
  return { busy, wrong, keep };
}

function Full() {
  return roomLeft.value === "full" ? <Notice kind="bad">{t("stop.full")}</Notice> : null;
}

function Done({ sheet, stop, title, back }: Form) {
  const { capture } = draftOf(stop.stop_id);
  const { busy, wrong, keep } = useKeeping(stop, "done");
  const [partly, setPartly] = useState(Object.keys(capture.left_out).length > 0);
  const wanted = needs(stop, leftOut(stop, capture));
  const signing = wanted.signature || capture.signature !== null;
  const named = wanted.name || capture.name !== "" || OF_NAME.includes(capture.left_with);
  const lacking = lacks(stop, capture);
  const set = (changes: Partial<typeof capture>, picture?: Picture): void => change(stop.stop_id, changes, picture);
  return (
    <Frame
      title={title}
      back={back}
      plain
      foot={
        <>
          {wrong ? <Notice kind="bad">{wrong}</Notice> : null}
          {lacking[0] ? <p class="lack">{t(`done.lack.${lacking[0]}` as Key)}</p> : null}
          <Button
            kind="good"
            icon="check"
            name="save"
            disabled={busy || lacking.length > 0}
            onClick={() => void keep(() => doneTaps(sheet.route_id, stop, draftOf(stop.stop_id).capture, where()))}
          >
            {t("app.save")}
          </Button>
        </>
      }
    >
      <Full />
      <Pins tasks={wanted.pins} capture={capture} set={set} />
      <Scans stop={stop} wanted={wanted.scan} capture={capture} set={set} />
      <Photo photos={capture.photos} wanted={wanted.photo} set={(photos, picture) => set({ photos }, picture)} />
      {signing ? <Signature set={(signature, picture) => set({ signature }, picture)} /> : null}
      <fieldset>
        <legend>{t("done.left_with")}</legend>
        <Choices
          names={sheet.left_with}
          chosen={capture.left_with}
          pick={(left_with) => set({ left_with })}
          text={(name) => word("with", name)}
        />
      </fieldset>
      {named ? <Names wanted={wanted.name} value={capture.name} set={(name) => set({ name })} /> : null}
      {partly ? (
        <LeftOut stop={stop} reasons={sheet.reasons} capture={capture} set={set} />
      ) : (
        <Button name="partly" onClick={() => setPartly(true)}>
          {t("stop.partial")}
        </Button>
      )}
      {signing ? null : (
        <Button name="sign" onClick={() => set({ signature: "" })}>
          {t("proof.signature")}
        </Button>
      )}
      <Note value={capture.note} set={(note) => set({ note })} />
    </Frame>
  );
}

function Fail({ sheet, stop, title, back }: Form) {
  const { capture } = draftOf(stop.stop_id);
  const { busy, wrong, keep } = useKeeping(stop, "fail");
  const [reason, setReason] = useState("");
  const [all, setAll] = useState(false);
  const camera = useRef<PhotoHandle>(null);
  const often = OFTEN.filter((name) => sheet.reasons.includes(name));
  const names = all ? [...often, ...sheet.reasons.filter((name) => !often.includes(name))] : often;
  const save = (): Promise<void> => keep(() => failedTaps(stop, reason, draftOf(stop.stop_id).capture, where()));
  const withPhoto = async (): Promise<void> => {
    await camera.current?.take();
    await save();
  };
  const taken = capture.photos.length > 0;
  return (
    <Frame
      title={title}
      back={back}
      plain
      foot={
        <>
          {wrong ? <Notice kind="bad">{wrong}</Notice> : null}
          {taken ? (
            <Button kind="bad" name="save" icon="check" disabled={busy || !reason} onClick={() => void save()}>
              {t("app.save")}
            </Button>
          ) : (
            <>
              <Button name="save" disabled={busy || !reason} onClick={() => void save()}>
                {t("fail.save")}
              </Button>
              <Button
                kind="bad"
                name="save-photo"
                icon="camera"
                disabled={busy || !reason}
                onClick={() => void withPhoto()}
              >
                {t("fail.with_photo")}
              </Button>
            </>
          )}
        </>
      }
    >
      <Full />
      <Photo
        handle={camera}
        small
        wanted
        photos={capture.photos}
        set={(photos, picture) => change(stop.stop_id, { photos }, picture)}
      />
      <fieldset>
        <legend>{t("done.why")}</legend>
        <Choices names={names} chosen={reason} pick={setReason} text={(name) => word("why", name)} />
        {all ? null : (
          <Button name="other-reasons" onClick={() => setAll(true)}>
            {t("fail.other")}
          </Button>
        )}
      </fieldset>
      <Note value={capture.note} set={(note) => change(stop.stop_id, { note })} />
    </Frame>
  );
}

function Note({ value, set }: { value: string; set: (note: string) => void }) {
  return (
    <label class="field">
      <span>{t("done.note")}</span>
      <textarea rows={2} maxLength={1000} value={value} onInput={(event) => set(event.currentTarget.value)} />
    </label>
  );
}
