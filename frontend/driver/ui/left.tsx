// A tap that seems to be missing: proposed, never made by itself.
import type { Sheet, Stop } from "../kinds";
import { seemsLeft } from "../model/belief";
import { doneTaps, EMPTY, lacks } from "../model/needs";
import { act, notLeft, still, zone } from "../state";
import { clock, t } from "../texts";
import { nameOf } from "./day";
import { Button } from "./parts";
import { go } from "./router";
import { doneWord } from "./stop";

/** "You seem to have left Mill Lane 4": done by one tap, or, where the stop asks for proofs, on its page. */
export function Left({ sheet }: { sheet: Sheet }) {
  return (
    <>
      {seemsLeft(sheet, still.value).map((stop) => (
        <section class="message" key={stop.stop_id} data-left={stop.stop_id}>
          <p>
            <strong>
              {t("left.title", {
                place: stop.place.address || nameOf(stop),
                time: clock(stop.seems_left_at!, zone.value),
              })}
            </strong>
          </p>
          <p class="soft">{t("left.ask")}</p>
          <div class="row">
            <Button name="not-left" onClick={() => notLeft(stop.stop_id)}>
              {t("left.no")}
            </Button>
            <Button kind="good" name="left-done" onClick={() => done(sheet, stop)}>
              {doneWord(stop)}
            </Button>
          </div>
        </section>
      ))}
    </>
  );
}

/** Without a position: where the phone is now is not where it was done. */
function done(sheet: Sheet, stop: Stop): void {
  if (lacks(stop, EMPTY).length > 0) go({ name: "stop", id: stop.stop_id, act: "done" });
  else void act(doneTaps(sheet.route_id, stop, EMPTY));
}
