// The driver's app. Without a secure context it says why it does not start, and touches nothing that is missing there.
import { render } from "preact";
import { startUpdates } from "./device/updates";
import "./driver.css";
import { start } from "./state";
import { startLanguage } from "./texts";
import { App } from "./ui/app";
import { listenForInstall } from "./ui/me";
import { startRouter } from "./ui/router";
import { Unsafe } from "./ui/sign-in";

const place = document.getElementById("app")!;
place.replaceChildren();
startLanguage();
if (!isSecureContext) {
  render(<Unsafe />, place);
} else {
  startRouter();
  listenForInstall();
  void start();
  render(<App />, place);
  void startUpdates().catch(() => undefined); // a browser that keeps no worker works as long as there is a network
}
