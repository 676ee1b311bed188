// Streams as the bodies of API calls, over HTTP/2.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { kind } from "./support/browser.mjs";
import { startEcho } from "./support/echo.mjs";
import { ENGINES, PASSWORD, stage, until } from "./support/stage.mjs";
import { run, signIn } from "./support/vault.mjs";

/** Firefox sends no streams, so that a stream is gathered there before it goes. */
const STREAMS = kind === "chromium";

const on = stage({ browser: { acceptInsecureCerts: true } });
let echo;
before(async () => void (echo = await startEcho({ secure: true })));
after(() => echo?.close());

for (const engine of ENGINES) {
  describe(`a stream sent by the ${engine} engine`, () => {
    /** Begins to send ten bytes of a stream that goes on when `window.more` is called. */
    async function send(path) {
      await on.pool.addUser("joan", PASSWORD);
      const page = await on.page({ engine, api: { origins: [echo.url] } });
      await signIn(page, "joan", PASSWORD);
      echo.received.length = 0;
      await run(
        page,
        (url) => {
          const { readable, writable } = new TransformStream();
          const writer = writable.getWriter();
          void writer.write(new Uint8Array(10));
          window.more = () => writer.write(new Uint8Array(10)).then(() => writer.close());
          window.begun = window.auth.fetch(url, { method: "POST", body: readable, duplex: "half" }).then(async (reply) => [reply.status, await reply.text()]);
        },
        echo.url + path,
      );
      return page;
    }
    const end = (page) => run(page, () => Promise.all([window.begun, window.more()]).then(([reply]) => reply));

    test("goes while it is made", async () => {
      const page = await send("/sink");
      if (STREAMS) await until(() => echo.received[0]?.size === 10);
      assert.deepEqual(await end(page), [200, "20"]);
    });

    test("goes once, where it cannot go again", async () => {
      const page = await send("/sink?refused=1");
      assert.deepEqual(await end(page), STREAMS ? [401, "20"] : [200, "20"]);
      assert.equal(echo.received.length, STREAMS ? 1 : 2);
      assert.equal(await on.pool.count("GetTokensFromRefreshToken"), 1);
    });
  });
}
