// The demo's start: settings first, then the vault, then the page.
import { AuthProvider } from "cognito-vault/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { loadConfig, makeAuth } from "./auth";
import { Frame } from "./components/Frame";
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
  root.render(
    <StrictMode>
      <AuthProvider auth={auth}>
        <App config={config} />
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
