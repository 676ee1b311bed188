// What a server sends of the page.

import { createAuth } from "cognito-vault";
import { renderToPipeableStream } from "react-dom/server";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { App } from "./app.jsx";

/** The HTML, and the codes of what went wrong on the way. */
export async function render() {
  const auth = createAuth({ userPoolId: "eu-west-1_DemoPool1", clientId: "1vault2demo3client4app5id6" });
  const errors = [];
  const stream = new PassThrough();
  const html = text(stream);
  renderToPipeableStream(<App auth={auth} />, { onError: (error) => void errors.push(error.code ?? String(error)) }).pipe(stream);
  return { html: await html, errors };
}
