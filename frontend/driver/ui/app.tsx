import { ready, session } from "../state";
import { t } from "../texts";
import { Day } from "./day";
import { End } from "./end";
import { Load } from "./load";
import { Me } from "./me";
import { Offers } from "./offers";
import { Outbox } from "./outbox";
import { Frame, Notice, Safe } from "./parts";
import { view } from "./router";
import { SignIn } from "./sign-in";
import { StopView } from "./stop";

export function App() {
  if (ready.value === "broken")
    return (
      <Frame title="Homestretch Drive" plain>
        <Notice kind="bad">{t("app.broken")}</Notice>
      </Frame>
    );
  if (ready.value === "no") return <p class="soft waiting-page">{t("app.loading")}</p>;
  if (!session.value) return <SignIn />;
  return (
    <>
      <Screen />
      <Offers />
      <Safe />
    </>
  );
}

function Screen() {
  const shown = view.value;
  if (shown.name === "stop") return <StopView view={shown} />;
  const Plain = { day: Day, load: Load, end: End, out: Outbox, me: Me }[shown.name];
  return <Plain />;
}
