// The page of a test; it takes over what a server has rendered.

import { createTestAuth } from "cognito-vault/testing";
import { createRoot, hydrateRoot } from "react-dom/client";
import { App, Outside, fetches, renders } from "./app.jsx";

const auth = createTestAuth();
auth.show({ status: "loading" });
const recovered = [];
const root = document.getElementById("root");
const app = <App auth={auth} />;
if (root.firstChild) hydrateRoot(root, app, { onRecoverableError: (error) => recovered.push(String(error.message)) });
else createRoot(root).render(app);
createRoot(document.getElementById("outside")).render(<Outside />);

Object.assign(window, { auth, renders, fetches, recovered });
