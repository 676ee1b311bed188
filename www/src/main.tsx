// The demo's start: settings first, then the vault, then the page.
import { AuthProvider } from "cognito-vault/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { loadConfig, makeAuth, makeHostedPage } from "./auth";
import { Frame } from "./components/Frame";
import { HostedPageAt } from "./components/HostedPageAt";
import { Loading } from "./components/Loading";
import { NotStarted } from "./pages/NotStarted";
import "./styles.css";

const container = document.getElementById("root");
if (container === null) throw new Error("index.html has no #root");
const root = createRoot(container);

root.render(<Frame><Loading /></Frame>);

try {
  const config = await loadConfig();
  const auth = makeAuth(config);
  const hostedPage = makeHostedPage(auth, config);
  root.render(
    <StrictMode>
      <AuthProvider auth={auth}>
        <HostedPageAt value={hostedPage}>
          <App config={config} />
        </HostedPageAt>
      </AuthProvider>
    </StrictMode>,
  );
  await auth.ready();
} catch (reason) {
  root.render(
    <StrictMode>
      <Frame><NotStarted reason={reason} /></Frame>
    </StrictMode>,
  );
}
