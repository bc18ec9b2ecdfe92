import { useEffect, useState } from "preact/hooks";
import { codeIn } from "../device/scanner";
import { enter, sealed, signedOutByOffice } from "../state";
import { Refused } from "../sync/api";
import { choose, type Key, language, type Language, NAMES, t } from "../texts";
import { Button, Frame, Notice } from "./parts";
import { Scanner } from "./scan";

export function Languages() {
  return (
    <label class="field">
      <span>{t("in.language")}</span>
      <select value={language.value} onChange={(event) => choose(event.currentTarget.value as Language)}>
        {Object.entries(NAMES).map(([name, said]) => (
          <option key={name} value={name} lang={name}>
            {said}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The code may come in the address, behind the `#`: it is taken out of there before anything else. */
function fromAddress(): string {
  if (!location.hash.startsWith("#code=")) return "";
  const code = codeIn(location.hash);
  history.replaceState(null, "", "#/");
  return code;
}

export function SignIn() {
  const [code, setCode] = useState(fromAddress);
  const [wrong, setWrong] = useState<Key | null>(null);
  const [busy, setBusy] = useState(false);
  const [scanning, setScanning] = useState(false);
  const send = async (given: string): Promise<void> => {
    setBusy(true);
    setWrong(null);
    try {
      await enter(given);
    } catch (error) {
      setWrong(error instanceof Refused ? "in.wrong" : "in.offline");
      setBusy(false);
    }
  };
  useEffect(() => {
    if (code) void send(code);
    const opened = (): void => {
      const given = fromAddress(); // the office's QR code was opened in the app that is open already
      if (!given) return;
      setCode(given);
      void send(given);
    };
    addEventListener("hashchange", opened);
    return () => removeEventListener("hashchange", opened);
  }, []);
  const scanned = (text: string): void => {
    setScanning(false);
    setCode(codeIn(text));
    void send(codeIn(text));
  };
  return (
    <Frame
      title="Homestretch Drive"
      plain
      foot={
        <>
          <Button icon="scan" onClick={() => setScanning(true)}>
            {t("in.scan")}
          </Button>
          <Button kind="main" name="sign-in" disabled={busy || !code.trim()} onClick={() => void send(code.trim())}>
            {t("in.go")}
          </Button>
        </>
      }
    >
      <section class="hello">
        <h2>{t("in.title")}</h2>
        <p>{t("in.how")}</p>
        {signedOutByOffice.value ? <Notice kind="warn">{t("in.out")}</Notice> : null}
        {wrong ? <Notice kind="bad">{t(wrong)}</Notice> : null}
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (code.trim() && !busy) void send(code.trim());
          }}
        >
          <label class="field">
            <span>{t("in.code")}</span>
            <input
              class="code"
              dir="ltr"
              name="code"
              value={code}
              onInput={(event) => setCode(event.currentTarget.value)}
              autocomplete="one-time-code"
              autocapitalize="characters"
              spellcheck={false}
              placeholder="XXXXX-XXXXX"
              maxLength={24}
            />
          </label>
        </form>
        <Languages />
        {sealed.value.intents + sealed.value.pictures > 0 ? (
          <Notice kind="info">{t("in.sealed", { taps: sealed.value.intents, pictures: sealed.value.pictures })}</Notice>
        ) : null}
      </section>
      {scanning ? <Scanner title={t("in.scan")} close={() => setScanning(false)} onCode={scanned} /> : null}
    </Frame>
  );
}

/** Without HTTPS there is no camera, no position, no keeping: it says why rather than work by halves. */
export function Unsafe() {
  const secure = `https://${location.host}${location.pathname}${location.hash}`;
  return (
    <Frame
      title="Homestretch Drive"
      plain
      foot={
        <a class="button is-main" href={secure}>
          {t("unsafe.open")}
        </a>
      }
    >
      <section class="hello" data-unsafe>
        <h2>{t("unsafe.title")}</h2>
        <p>{t("unsafe.why")}</p>
        <p>{t("unsafe.driver")}</p>
        <p class="soft">{t("unsafe.office")}</p>
      </section>
    </Frame>
  );
}
