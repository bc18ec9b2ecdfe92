// The end of the day: each package that is still on board is said to be back or missing; both sides are equal then.
import type { Sheet } from "../kinds";
import { counts } from "../model/belief";
import { balance, onBoard, scanTap } from "../model/packages";
import { act, day } from "../state";
import { t } from "../texts";
import { nameOf } from "./day";
import { Button, Frame, Notice } from "./parts";
import { go, instead } from "./router";

export function End() {
  const sheet = day.value;
  if (!sheet) return null;
  return <Count sheet={sheet} />;
}

function Count({ sheet }: { sheet: Sheet }) {
  const { all, ended } = counts(sheet);
  const sides = balance(sheet);
  const left = onBoard(sheet);
  const finish = async (): Promise<void> => {
    await act([{ kind: "finish_route", body: { route_id: sheet.route_id } }]);
    instead({ name: "end" }, { name: "day" });
  };
  return (
    <Frame
      title={t("end.title")}
      back={() => go({ name: "day" })}
      foot={
        <>
          {sides.holds ? null : <p class="lack">{t("end.wait")}</p>}
          <Button kind="main" name="finish" disabled={!sides.holds} onClick={() => void finish()}>
            {t("end.finish")}
          </Button>
        </>
      }
    >
      {all > ended ? <Notice kind="warn">{t("end.open", { n: all - ended })}</Notice> : null}
      <section class="van">
        <strong class="count">{t("end.balance", { came: sides.came })}</strong>
        <dl class="sums">
          <Sum name={t("end.delivered")} value={sides.delivered} />
          <Sum name={t("end.returned")} value={sides.returned} />
          <Sum name={t("end.missing")} value={sides.missing} />
          <Sum name={t("end.on_board")} value={sides.on_board} />
        </dl>
        {sides.holds && sides.came > 0 ? <Notice kind="good">{t("end.holds")}</Notice> : null}
        {left.length > 0 ? (
          <Button name="all-back" onClick={() => void act(left.map(({ one }) => scanTap(sheet, one, "return")))}>
            {t("end.all_back")}
          </Button>
        ) : null}
      </section>
      <ul class="loads">
        {left.map(({ one, number, stop }) => (
          <li key={one.package_id}>
            <div class="load">
              <span class="number">{number}</span>
              <span class="what">
                <strong dir="ltr">{one.barcode}</strong>
                <span class="where">{nameOf(stop)}</span>
              </span>
            </div>
            <button class="text" onClick={() => void act([scanTap(sheet, one, "return")])}>
              {t("end.back")}
            </button>
            <button class="text" onClick={() => void act([scanTap(sheet, one, "missing")])}>
              {t("end.lost")}
            </button>
          </li>
        ))}
      </ul>
    </Frame>
  );
}

const Sum = ({ name, value }: { name: string; value: number }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);
