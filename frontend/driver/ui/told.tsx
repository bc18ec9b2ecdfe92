// What a stop says: what is asked for, the place's notes, the goods.
import { useEffect, useState } from "preact/hooks";
import type { Place, Said, Stop, Task } from "../kinds";
import { isOpen } from "../model/belief";
import { needs } from "../model/needs";
import { doorPicture, heard, unheard, zone } from "../state";
import { clock, t, word } from "../texts";
import { Icon } from "./icons";
import { Button } from "./parts";

/** What must be brought back from here, known before the bell is rung. */
export function Asks({ stop }: { stop: Stop }) {
  const { pins, photo, signature, name, scan } = needs(stop);
  const asked = [
    pins.length > 0 && "pin",
    photo && "photo",
    signature && "signature",
    name && "name",
    scan.length > 0 && "scan",
  ];
  const found = asked.filter((one): one is string => Boolean(one));
  if (found.length === 0 || !isOpen(stop)) return null;
  return (
    <p class="asked">
      <span class="soft">{t("stop.asks")}</span>
      {found.map((one) => (
        <span key={one} class="chip">
          {word("proof", one)}
        </span>
      ))}
    </p>
  );
}

/** What the office wrote: until it is read on the day's page, and always at its stop. */
export function Messages({ all, stop_id }: { all: Said[]; stop_id?: string }) {
  const shown = all.filter((one) => (stop_id ? one.stop_id === stop_id : unheard.value.includes(one.id)));
  return (
    <>
      {shown.map((one) => (
        <section class="message" key={one.id} data-message={one.id}>
          <p class="soft">
            {t("conflict.theirs")} · {clock(one.at, zone.value)}
          </p>
          <p dir="auto">{wordsOf(one)}</p>
          {unheard.value.includes(one.id) ? (
            <Button name="heard" onClick={() => heard(one.id)}>
              {t("conflict.ok")}
            </Button>
          ) : null}
        </section>
      ))}
    </>
  );
}

function wordsOf({ take_over: goods, text }: Said): string {
  if (!goods) return text;
  return t(goods.vehicle ? "stop.take_over" : "stop.take_up", { ...goods });
}

/** Where the recipient wants it, the code of the gate, and how the door looks. */
function AtTheDoor({ task }: { task: Task }) {
  const [picture, setPicture] = useState("");
  const door = task.door;
  useEffect(() => {
    let made = "";
    if (door?.photo)
      void doorPicture(task.order_id).then((blob) => {
        if (blob) setPicture((made = URL.createObjectURL(blob)));
      });
    return () => URL.revokeObjectURL(made);
  }, [door?.photo]);
  if (!door) return null;
  const where = [door.leave_with ? word("with", door.leave_with) : "", door.leave_where].filter(Boolean).join(": ");
  return (
    <>
      {where ? (
        <p class="said-by">
          <span class="soft">{t("done.left_with")}</span>
          <strong dir="auto">{where}</strong>
        </p>
      ) : null}
      {door.gate_code ? (
        <p class="gate">
          <Icon name="key" />
          <span class="soft">{t("stop.gate")}</span> <strong dir="ltr">{door.gate_code}</strong>
        </p>
      ) : null}
      {picture ? <img class="door" src={picture} alt={t("proof.photo")} /> : null}
    </>
  );
}

export function Notes({ place }: { place: Place }) {
  if (!place.access_notes && !place.gate_code && !place.parking_notes) return null;
  return (
    <section class="notes">
      {place.gate_code ? (
        <p class="gate">
          <Icon name="key" />
          <span class="soft">{t("stop.gate")}</span> <strong dir="ltr">{place.gate_code}</strong>
        </p>
      ) : null}
      {place.access_notes ? (
        <p>
          <span class="soft">{t("stop.notes")}</span>
          {place.access_notes}
        </p>
      ) : null}
      {place.parking_notes ? (
        <p>
          <span class="soft">{t("stop.parking")}</span>
          {place.parking_notes}
        </p>
      ) : null}
    </section>
  );
}

export function TaskCard({ task }: { task: Task }) {
  const { items, packages, promise } = task;
  return (
    <section class="task">
      <h3>
        {word("kind", task.kind)} · {task.recipient.name || task.order_external_id}
      </h3>
      {task.order_external_id ? (
        <p class="soft" dir="ltr">
          {task.order_external_id}
          {task.merchant ? ` · ${task.merchant}` : ""}
        </p>
      ) : null}
      {promise ? (
        <p>{t("stop.promise", { from: clock(promise.start, zone.value), to: clock(promise.end, zone.value) })}</p>
      ) : null}
      {task.instructions ? (
        <p class="said-by">
          <span class="soft">{t("stop.instructions")}</span>
          {task.instructions}
        </p>
      ) : null}
      <AtTheDoor task={task} />
      {items.length > 0 ? (
        <ul class="items">
          {items.map((item) => (
            <li key={item.name}>
              <b>{item.quantity} ×</b> {item.name}
            </li>
          ))}
        </ul>
      ) : null}
      {packages.length > 0 ? (
        <ul class="codes" dir="ltr">
          {packages.map((one) => (
            <li key={one.package_id} class={`chip is-${one.state}`}>
              {one.barcode}
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}
